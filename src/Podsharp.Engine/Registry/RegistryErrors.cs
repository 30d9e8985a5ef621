using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Turns what registries and the network answer into errors that say what to do.</summary>
internal static class RegistryErrors
{
    private const int LongestBody = 64 * 1024;

    /// <summary>The error for an answer that is no success.</summary>
    /// <param name="response">The answer; its body is read here.</param>
    /// <param name="what">What was asked for, as "reading manifest latest in host/name".</param>
    /// <param name="host">The registry.</param>
    /// <param name="hasCredentials">Whether credentials were sent.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    internal static async Task<ContainerEngineException> FromResponseAsync(
        HttpResponseMessage response, string what, string host, bool hasCredentials, CancellationToken cancellationToken)
    {
        var detail = await ReadDetailAsync(response, cancellationToken);
        var status = response.StatusCode;
        var text = detail ?? $"the registry answered {(int)status} {response.ReasonPhrase}".TrimEnd();
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Unauthorized(what, text, host, hasCredentials),
            HttpStatusCode.NotFound => new(ErrorKind.NotFound, "RemoteImageNotFound", $"{what}: {text}", host,
                "check the name and the tag; a private repository is also hidden from those who may not see it"),
            HttpStatusCode.TooManyRequests => RateLimit(response, $"{what}: {text}", host, hasCredentials),
            _ => new(ErrorKind.Network, "RegistryError", $"{what}: {text}", host),
        };
    }

    /// <summary>The error for wrong or missing credentials.</summary>
    internal static ContainerEngineException Unauthorized(string what, string text, string host, bool hasCredentials) =>
        new(ErrorKind.Unauthorized, "RegistryUnauthorized", $"{what}: {text}", host, hasCredentials
            ? "the credentials were not accepted: check user name, password and rights"
            : $"log in with \"podsharp login {host}\", or give a user name and a password");

    private static ContainerEngineException RateLimit(HttpResponseMessage response, string text, string host, bool hasCredentials)
    {
        var limit = RateLimits.Read(response) is { } known ? $" ({RateLimits.Describe(known)})" : "";
        var wait = RetryPolicy.Asked(response) is { } time ? $"wait {RateLimits.Time(time)}" : "wait a while";
        return new(ErrorKind.Network, "RegistryRateLimit", text + limit, host, hasCredentials ? $"{wait}, or take the image from a mirror" : $"{wait}, or log in: registries allow more to known users");
    }

    /// <summary>The error for a request that got no answer.</summary>
    internal static ContainerEngineException FromException(Exception error, string what, string host)
    {
        if (Find<AuthenticationException>(error) is { } tls)
        {
            return IsPlainHttp(error)
                ? new(ErrorKind.Network, "RegistryPlainHttp", $"{what}: {host} answers without TLS", host,
                    $"if that is meant, add a [[registry]] with location=\"{host}\" and insecure=true to registries.conf", error)
                : new(ErrorKind.Network, "CertificateUntrusted", $"{what}: the certificate of {host} is not accepted: {tls.Message}", host,
                    tls is CertificateRefusedException { IsForOtherHost: true } ? "use a name that the certificate has"
                        : $"put its authority into /etc/containers/certs.d/{host}/ca.crt", error);
        }
        var text = error switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"the host {host} is not known",
            TimeoutException => error.Message,
            _ => (error.InnerException ?? error).Message,
        };
        return new ContainerEngineException(ErrorKind.Network, "RegistryUnreachable", $"{what}: {text}", host,
            "check the network, the registry's name and the proxy settings", error);
    }

    /// <summary>Whether a handshake failed because the other side doesn't speak TLS at all.</summary>
    private static bool IsPlainHttp(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause.Message.Contains("frame size", StringComparison.Ordinal) || cause.Message.Contains("corrupted frame", StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static T? Find<T>(Exception error) where T : Exception
    {
        T? innermost = null;
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            innermost = cause as T ?? innermost;
        }
        return innermost;
    }

    /// <summary>The messages of an error body (distribution specification, "Error Codes").</summary>
    private static async Task<string?> ReadDetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await LimitedBody.ReadAsync(response, LongestBody, "an error message", cancellationToken);
            using var document = JsonDocument.Parse(body);
            if (!document.RootElement.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
            {
                return null;
            }
            var texts = errors.EnumerateArray().Select(Describe).Where(text => text.Length > 0).ToList();
            return texts.Count == 0 ? null : string.Join("; ", texts);
        }
        catch (Exception error) when (error is JsonException or IOException or HttpRequestException or InvalidOperationException or ContainerEngineException)
        {
            return null;
        }
    }

    private static string Describe(JsonElement error)
    {
        var message = Text(error, "message");
        return message.Length > 0 ? message : Text(error, "code").ToLowerInvariant().Replace('_', ' ');
    }

    private static string Text(JsonElement error, string name) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? "" : "";
}

/// <summary>Bodies that are kept in memory, never more of them than is sane.</summary>
internal static class LimitedBody
{
    /// <summary>Reads a whole body.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="limit">Largest number of bytes.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="ContainerEngineException">It is larger (<c>DataCorrupt</c>).</exception>
    internal static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, string what, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + count > limit)
            {
                throw new ContainerEngineException(ErrorKind.DataCorrupt, "AnswerTooLarge", $"{what} is larger than {limit} bytes", what);
            }
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }
}
