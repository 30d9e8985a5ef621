using System.Diagnostics;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Programs <c>docker-credential-NAME</c> that keep credentials (protocol of docker-credential-helpers: the host on
/// standard input of <c>get</c>, JSON on standard output).</summary>
internal static class CredentialHelper
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Asks a helper; null when it has nothing for this host.</summary>
    /// <exception cref="ContainerEngineException">The helper is missing, failed, or gave no JSON.</exception>
    internal static async Task<RegistryCredentials?> GetAsync(string name, string host, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        var program = Find("docker-credential-" + name, environment)
            ?? throw EngineErrors.MissingComponent($"docker-credential-{name}", $"to get the credentials of {host}", $"golang-docker-credential-helpers");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        using var process = Start(program, environment);
        try
        {
            await process.StandardInput.WriteAsync(host.AsMemory(), limit.Token);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? Parse(output, program)
                : output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase) ? null
                : throw Failed(program, $"it ended with code {process.ExitCode}: {output.Trim()}", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(program, "it gave no answer", null);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process Start(string program, ConfigurationEnvironment environment)
    {
        var start = new ProcessStartInfo(program, ["get"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.Variables)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start) ?? throw Failed(program, "it could not be started", null);
    }

    private static string? Find(string program, ConfigurationEnvironment environment) =>
        (environment.Variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
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
}
