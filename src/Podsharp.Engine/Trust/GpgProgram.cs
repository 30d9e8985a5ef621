using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Runs <c>gpg</c>, whose status lines (GnuPG, doc/DETAILS) are for programs.</summary>
internal static class GpgProgram
{
    private const string StatusPrefix = "[GNUPG:] ";

    // An agent may ask a person for a passphrase.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs it; its status goes to standard output.</summary>
    /// <param name="arguments">What it is to do.</param>
    /// <param name="environment">Where it is looked for, and its environment.</param>
    /// <param name="input">What it reads, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its exit code where it is known, its status lines split in words, and what it said to people.</returns>
    /// <exception cref="ContainerEngineException">MissingComponent; GpgFailed: it doesn't run, or doesn't end.</exception>
    internal static (int? ExitCode, IReadOnlyList<string[]> Status, string Error) Run(IReadOnlyList<string> arguments, ConfigurationEnvironment environment, string? input,
        CancellationToken cancellationToken)
    {
        var outcome = Execute(arguments, environment, input, cancellationToken);
        return (outcome.ExitCode, [.. outcome.Output.Split('\n').Where(line => line.StartsWith(StatusPrefix, StringComparison.Ordinal))
            .Select(line => line[StatusPrefix.Length..].Split(' '))], outcome.Error.Trim());
    }

    /// <summary>Lists the keys of a ring, in lines for programs.</summary>
    internal static string[] List(string home, ConfigurationEnvironment environment, CancellationToken cancellationToken) =>
        Execute(["--homedir", home, "--no-options", "--no-autostart", "--with-colons", "--list-keys"], environment, null, cancellationToken).Output.Split('\n');

    private static ProgramOutcome Execute(IReadOnlyList<string> arguments, ConfigurationEnvironment environment, string? input, CancellationToken cancellationToken)
    {
        var program = environment.FindProgram("gpg") ?? throw EngineErrors.MissingComponent("gpg", "to make and check GPG signatures", "gpg");
        var request = new SpawnRequest
        {
            Path = program,
            Arguments = [program, "--batch", "--no-tty", "--status-fd", "1", .. arguments],
            Environment = [.. environment.Variables.Where(variable => variable.Key != "LANGUAGE" && !variable.Key.StartsWith("LC_", StringComparison.Ordinal))
                .Select(variable => $"{variable.Key}={variable.Value}"), "LC_ALL=C.UTF-8"],
        };
        try
        {
            return Programs.Run(request, s_patience, cancellationToken, input);
        }
        catch (TimeoutException error)
        {
            throw Failed(string.Create(CultureInfo.InvariantCulture, $"it gave no answer in {s_patience.TotalMinutes} minutes"), error);
        }
        catch (LinuxException error)
        {
            throw Failed($"it could not be started ({LinuxError.Describe(error.Errno)})", error);
        }
    }

    /// <summary>The error for a run that did not do what it should.</summary>
    internal static ContainerEngineException Failed(string why, Exception? cause = null) =>
        new(ErrorKind.Unsupported, "GpgFailed", $"gpg failed: {why}", "gpg", "run it by hand", cause);
}
