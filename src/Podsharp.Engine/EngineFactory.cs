using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime.Chroot;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <summary>Makes engines. The only public type of this assembly: everything else speaks through the model.</summary>
public static class EngineFactory
{
    /// <summary>Opens the engine of this host, in this process. Nothing is read or made before the first call.</summary>
    /// <param name="options">Which state to work on.</param>
    /// <exception cref="ContainerEngineException">A configuration file is malformed.</exception>
    public static IContainerEngine CreateLocal(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LocalContainerEngine(new EngineParts(options));
    }

    /// <summary>Carries out a command of an OCI runtime, where this executable was started in a runtime's place (<see cref="BuildIsolation.Chroot"/>).</summary>
    /// <param name="words">The command line without the program.</param>
    /// <returns>The exit code; null where it was not.</returns>
    public static int? RunAsRuntime(string[] words) =>
        ChrootRuntime.ProgramOf(Files.TryReadAll("/proc/self/cmdline") ?? []) is { } program ? ChrootRuntime.Run(program, words) : null;

    /// <summary>The files of this host, for copying to and from containers of any engine.</summary>
    public static IHostFiles CreateHostFiles() => new HostFiles(Credentials.Effective);
}
