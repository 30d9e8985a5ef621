using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Programs <c>docker-credential-NAME</c> that keep credentials (protocol of docker-credential-helpers: the host on
/// standard input of <c>get</c>, JSON on standard output).</summary>
internal static class CredentialHelper
{
    private const string TokenUser = "<token>";

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
        var answer = await AskAsync(name, "get", host + "\n", environment, limit ?? s_limit, cancellationToken);
        return answer.ExitCode == 0 ? Parse(answer.Output, answer.Program)
            : answer.SaysNotFound ? null
            : throw answer.Failure();
    }

    /// <summary>Has a helper keep credentials.</summary>
    /// <exception cref="ContainerEngineException">The helper is missing or failed.</exception>
    internal static async Task StoreAsync(string name, string host, RegistryCredentials credentials, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        var (user, secret) = credentials.IdentityToken is { } token ? (TokenUser, token) : (credentials.UserName, credentials.Password);
        var entry = new JsonObject { ["ServerURL"] = host, ["Username"] = user, ["Secret"] = secret };
        var answer = await AskAsync(name, "store", entry.ToJsonString() + "\n", environment, s_limit, cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw answer.Failure();
        }
    }

    /// <summary>Has a helper forget credentials; it may have none.</summary>
    /// <exception cref="ContainerEngineException">The helper is missing or failed.</exception>
    internal static async Task EraseAsync(string name, string host, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(name, "erase", host + "\n", environment, s_limit, cancellationToken);
        if (answer.ExitCode != 0 && !answer.SaysNotFound)
        {
            throw answer.Failure();
        }
    }

    /// <summary>The registries that a helper has credentials for.</summary>
    /// <exception cref="ContainerEngineException">The helper is missing, failed, or gave no JSON.</exception>
    internal static async Task<IReadOnlyList<string>> ListAsync(string name, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(name, "list", "", environment, s_limit, cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw answer.Failure();
        }
        try
        {
            using var document = JsonDocument.Parse(answer.Output);
            return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Failed(answer.Program, "its answer is not what a credential helper gives", error);
        }
    }

    /// <summary>Whether this host has a helper.</summary>
    internal static bool Exists(string name, ConfigurationEnvironment environment) => environment.FindProgram("docker-credential-" + name) is not null;

    private static async Task<Answer> AskAsync(string name, string action, string input, ConfigurationEnvironment environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var program = environment.FindProgram("docker-credential-" + name)
            ?? throw EngineErrors.MissingComponent($"docker-credential-{name}", "to keep the credentials of registries", "golang-docker-credential-helpers");
        // A thread of its own: the wait for a child blocks.
        return await Task.Factory.StartNew(() => Run(program, action, input, environment, limit, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private static Answer Run(string program, string action, string input, ConfigurationEnvironment environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var request = new SpawnRequest
        {
            Path = program,
            Arguments = [program, action],
            Environment = [.. environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")],
        };
        try
        {
            var outcome = Programs.Run(request, limit, cancellationToken, input);
            // Without an exit code (another part of this process took it) the answer's shape has to tell.
            var code = outcome.ExitCode ?? (outcome.Output.AsSpan().TrimStart() is var said && (action == "get" || action == "list" ? said.StartsWith('{') : said.IsEmpty) ? 0 : 1);
            return new Answer(program, action, code, outcome.Output, outcome.Error);
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

    private static RegistryCredentials? Parse(string output, string program)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var user = document.RootElement.GetProperty("Username").GetString() ?? "";
            var secret = document.RootElement.GetProperty("Secret").GetString() ?? "";
            return user == TokenUser ? new RegistryCredentials("", "", secret)
                : user.Length == 0 && secret.Length == 0 ? null
                : new RegistryCredentials(user, secret);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Failed(program, "its answer is not what a credential helper gives", error);
        }
    }

    private static ContainerEngineException Failed(string program, string why, Exception? cause) => new(ErrorKind.Unauthorized,
        "CredentialHelperFailed", $"the credential helper {program} failed: {why}", program, "run it by hand with \"list\"", cause);

    private sealed record Answer(string Program, string Action, int ExitCode, string Output, string Error)
    {
        internal bool SaysNotFound => Output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase);

        // The protocol has errors on standard output; not every helper keeps to it.
        internal ContainerEngineException Failure() => Failed(Program,
            $"\"{Action}\" ended with code {ExitCode}: {(Output.Trim() is { Length: > 0 } said ? said : Error.Trim())}", null);
    }
}
