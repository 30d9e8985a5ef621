using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Host;

/// <summary>Finds the programs the engine works with: as options and containers.conf say, else in their usual places.</summary>
/// <param name="configuration">containers.conf.</param>
/// <param name="options">What the caller chose.</param>
/// <param name="facts">The host.</param>
/// <param name="exists">Whether a program is there; replaceable in tests.</param>
internal sealed class ComponentLocator(ContainersConf configuration, EngineOptions options, HostFacts facts, Func<string, bool>? exists = null)
{
    private static readonly string[] ProgramDirectories =
        ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin", "/run/current-system/sw/bin"];

    // Better ones first; all speak the runc command line.
    private static readonly string[] KnownRuntimes = ["crun", "runc", "youki"];

    private readonly Func<string, bool> exists = exists ?? File.Exists;

    /// <summary>conmon's path.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent.</exception>
    internal string Conmon => options.Conmon is { Length: > 0 } asked ? Existing("conmon", asked)
        : configuration.Engine.ConmonPaths.FirstOrDefault(exists) ?? FindHelper("conmon")
        ?? throw EngineErrors.MissingComponent("conmon", "to watch over containers", "conmon");

    /// <summary>netavark's path.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent.</exception>
    internal string Netavark => FindHelper("netavark")
        ?? throw EngineErrors.MissingComponent("netavark", "to connect containers to bridge networks", "netavark");

    /// <summary>aardvark-dns's path, or null: containers then have no DNS names for each other.</summary>
    internal string? AardvarkDns => FindHelper("aardvark-dns");

    /// <summary>The init program's path.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent.</exception>
    internal string Init => configuration.Containers.InitPath is { Length: > 0 } configured ? Existing("the init program", configured)
        : FindHelper("catatonit") ?? throw EngineErrors.MissingComponent("catatonit", "as the init process of a container (--init)", "catatonit");

    /// <summary>Finds a helper program; null where it is not installed.</summary>
    internal string? FindHelper(string name)
    {
        foreach (var directory in configuration.Engine.HelperDirectories)
        {
            if (exists(Path.Combine(directory, name)))
                return Path.Combine(directory, name);
        }
        return FindProgram(name);
    }

    /// <summary>Chooses the OCI runtime: the asked one, else the engine option's, else containers.conf's, else one that works here.</summary>
    /// <param name="asked">A name or path, or null.</param>
    /// <exception cref="ContainerEngineException">MissingComponent when none is there, InvalidArgument when a path is wrong.</exception>
    internal RuntimeChoice ChooseRuntime(string? asked)
    {
        var wanted = !string.IsNullOrEmpty(asked) ? asked : options.Runtime;
        if (!string.IsNullOrEmpty(wanted))
            return new RuntimeChoice(Path.GetFileName(wanted), FindRuntime(wanted) ?? throw Missing(wanted), "");
        var configured = configuration.Engine.Runtime;
        if (!string.IsNullOrEmpty(configured) && Works(configured))
            return new RuntimeChoice(Path.GetFileName(configured), FindRuntime(configured) ?? throw Missing(configured), "");
        foreach (var name in KnownRuntimes)
        {
            if (Works(name) && FindRuntime(name) is { } path)
                return new RuntimeChoice(name, path, Reason(name, configured));
        }
        // Nothing that suits: let the expected one say what it dislikes, or ask for one that would work.
        if (facts.Cgroups.CrunRefuses)
        {
            throw EngineErrors.MissingComponent("runc",
                "to run containers, as crun doesn't work with this host's hybrid control groups", "runc");
        }
        throw Missing(configured ?? "crun");
    }

    private string? FindRuntime(string nameOrPath)
    {
        if (nameOrPath.Contains('/', StringComparison.Ordinal))
            return exists(nameOrPath) ? nameOrPath : null;
        return configuration.Engine.Runtimes.TryGetValue(nameOrPath, out var paths) && paths.FirstOrDefault(exists) is { } path
            ? path : FindProgram(nameOrPath);
    }

    private string? FindProgram(string name) =>
        ProgramDirectories.Select(directory => $"{directory}/{name}").FirstOrDefault(exists);

    private bool Works(string runtime) => !(facts.Cgroups.CrunRefuses && Path.GetFileName(runtime) == "crun");

    private string Reason(string chosen, string? configured)
    {
        if (facts.Cgroups.CrunRefuses && chosen != "crun")
        {
            return $"crun doesn't work with this host's hybrid control groups (controllers "
                + $"{string.Join(' ', facts.Cgroups.UnifiedControllers)} are in the version 2 hierarchy beside version 1)";
        }
        return chosen == KnownRuntimes[0] || chosen == configured ? "" : $"{configured ?? KnownRuntimes[0]} is not installed";
    }

    private string Existing(string name, string path) => exists(path) ? path
        : throw new ContainerEngineException(ErrorKind.MissingComponent, "MissingComponent", $"{name} was not found at {path}", path,
            "correct the path in the option or in containers.conf");

    private static ContainerEngineException Missing(string runtime) => runtime.Contains('/', StringComparison.Ordinal)
        ? new ContainerEngineException(ErrorKind.MissingComponent, "MissingComponent", $"the OCI runtime {runtime} was not found", runtime,
            "correct the path, or leave it out to use one that works on this host")
        : KnownRuntimes.Contains(runtime)
            ? EngineErrors.MissingComponent(runtime, "to run containers", runtime)
            : new ContainerEngineException(ErrorKind.MissingComponent, "MissingComponent", $"the OCI runtime \"{runtime}\" was not found", runtime,
                "give its path, or name it under [engine.runtimes] in containers.conf");
}
