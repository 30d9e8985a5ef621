using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>Runs a program that keeps secrets, with the value on standard input or output: never in an argument, which every user of the host can read.</summary>
internal static class SecretProgram
{
    // It may ask a person to unlock a key.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    /// <returns>What it wrote; null where it failed.</returns>
    /// <exception cref="ContainerEngineException">It can't be started, or took too long.</exception>
    internal static byte[]? Run(string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> variables, ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken)
    {
        var request = new SpawnRequest
        {
            Path = path,
            Arguments = [Path.GetFileName(path), .. arguments],
            Environment = [.. variables.Select(variable => $"{variable.Key}={variable.Value}")],
        };
        try
        {
            var (code, output) = Programs.RunOnBytes(request, s_limit, input, cancellationToken);
            return code is 0 ? output : null;
        }
        catch (LinuxException error)
        {
            throw Failed(path, $"it could not be started ({LinuxError.Describe(error.Errno)})");
        }
        catch (TimeoutException)
        {
            throw Failed(path, "it took too long");
        }
    }

    /// <summary>The first program of a name in an absolute directory of the PATH.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent.</exception>
    internal static string Find(string name, ConfigurationEnvironment environment, string purpose, string package) =>
        environment.FindProgram(name) ?? throw EngineErrors.MissingComponent(name, purpose, package);

    /// <summary>The error of a program. What it said is left out, since it had the value.</summary>
    internal static ContainerEngineException Failed(string program, string why) => new(ErrorKind.Runtime, "SecretDriverFailed",
        $"the program that keeps the secret failed: {why}", program, "run it by hand to see what it says");
}
