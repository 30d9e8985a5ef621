using Podsharp.Model;

namespace Podsharp.Cli;

/// <summary>Exit codes as podman's.</summary>
internal static class ExitCodes
{
    internal const int Error = 125;
    internal const int NotExecutable = 126;
    internal const int NotFound = 127;
    internal const int ExecRefused = 255;
    internal const int Interrupted = 130;

    /// <summary>The code for an error of a command that starts a process.</summary>
    internal static int Of(ContainerEngineException error) => error.Kind switch
    {
        ErrorKind.CommandNotFound => NotFound,
        ErrorKind.CommandNotExecutable => NotExecutable,
        _ => Error,
    };

    /// <summary>The code for an error of rm, rmi and volume rm: 1 for what isn't there, 2 for what is in use; but 125, as podman, for what others require.</summary>
    internal static int OfRemoval(ContainerEngineException error) => error.Kind switch
    {
        _ when error.ErrorId == "ContainerRequired" => Error,
        ErrorKind.NotFound => 1,
        ErrorKind.InUse or ErrorKind.InvalidState => 2,
        _ => Error,
    };
}
