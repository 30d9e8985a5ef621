using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Programs <c>docker-credential-NAME</c> that keep credentials (protocol of docker-credential-helpers: the host on
/// standard input of <c>get</c>, JSON on standard output).</summary>
internal static class CredentialHelper
{
    // A helper may ask a person to unlock a key ring.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Asks a helper; null when it has nothing for this host.</summary>
    /// <param name="name">NAME.</param>
    /// <param name="host">The registry.</param>
    /// <param name="environment">What the helper gets as its environment, and where it is looked for.</param>
    /// <param name="cancellationToken">Ends the helper.</param>
    /// <param name="limit">How long it may take; half a minute when not given.</param>
    /// <exception cref="ContainerEngineException">The helper is missing, failed, or gave no JSON.</exception>
    internal static async Task<RegistryCredentials?> GetAsync(string name, string host, ConfigurationEnvironment environment,
        CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        var program = Find("docker-credential-" + name, environment)
            ?? throw EngineErrors.MissingComponent($"docker-credential-{name}", $"to get the credentials of {host}", "golang-docker-credential-helpers");
        // A thread of its own: the wait for a child blocks.
        var answer = await Task.Factory.StartNew(() => Run(program, host, environment, limit ?? s_limit, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        return answer.ExitCode == 0 ? Parse(answer.Output, program)
            : answer.Output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase) ? null
            : throw Failed(program, $"it ended with code {answer.ExitCode}: {answer.Complaint}", null);
    }

    private static Answer Run(string program, string host, ConfigurationEnvironment environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var request = new SpawnRequest
        {
            Path = program,
            Arguments = [program, "get"],
            Environment = [.. environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")],
        };
        try
        {
            var outcome = Programs.Run(request, limit, cancellationToken, host + "\n");
            return new Answer(outcome.ExitCode ?? (outcome.Output.AsSpan().TrimStart().StartsWith('{') ? 0 : 1), outcome.Output, outcome.Error);
        }
        catch (TimeoutException error)
        {
            throw Failed(program, $"it gave no answer in {limit.TotalSeconds} seconds", error);
        }
        catch (LinuxException error)
        {
            throw Failed(program, $"it could not be started ({LinuxError.Describe(error.Errno)})", error);
        }
    }

    // Only absolute directories: the session's working directory is not where programs come from.
    private static string? Find(string program, ConfigurationEnvironment environment) =>
        (environment.Variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Where(directory => directory.StartsWith('/'))
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static RegistryCredentials? Parse(string output, string program)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var user = document.RootElement.GetProperty("Username").GetString() ?? "";
            var secret = document.RootElement.GetProperty("Secret").GetString() ?? "";
            return user == "<token>" ? new RegistryCredentials("", "", secret)
                : user.Length == 0 && secret.Length == 0 ? null
                : new RegistryCredentials(user, secret);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Failed(program, "its answer is not what a credential helper gives", error);
        }
    }

    private static ContainerEngineException Failed(string program, string why, Exception? cause) => new(ErrorKind.Unauthorized,
        "CredentialHelperFailed", $"the credential helper {program} failed: {why}", program, "run it by hand with \"get\"", cause);

    private sealed record Answer(int ExitCode, string Output, string Error)
    {
        // The protocol has errors on standard output; not every helper keeps to it.
        internal string Complaint => Output.Trim() is { Length: > 0 } said ? said : Error.Trim();
    }
}
