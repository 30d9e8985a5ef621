using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>When a container is prepared for systemd; the rules are podman's.</summary>
internal static class SystemdRules
{
    // What asks systemd to shut down (systemd(1), SIGNALS).
    private const string ShutdownSignal = "SIGRTMIN+3";

    /// <summary>Whether it is asked for, or the command is systemd or an init.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such mode.</exception>
    internal static bool Applies(ContainerSpec spec, ImageConfig image, ContainersConf configuration) => spec.Systemd switch
    {
        "always" => true,
        "false" => false,
        // An init of the engine's own would be the first process, not systemd.
        "true" => !spec.Init && !configuration.Containers.Init && IsCommand(spec, image),
        var other => throw EngineErrors.InvalidArgument($"invalid value \"{other}\" for --systemd", other, "use true, false or always"),
    };

    /// <summary>The stop signal: the container's own, the image's, or what ends the program.</summary>
    internal static string StopSignal(ContainerSpec spec, ImageConfig image, ContainersConf configuration) => spec.StopSignal
        ?? (image.StopSignal.Length > 0 ? image.StopSignal : Applies(spec, image, configuration) ? ShutdownSignal : "SIGTERM");

    private static bool IsCommand(ContainerSpec spec, ImageConfig image)
    {
        var (entryPoint, command) = SpecRules.Command(spec, image);
        IReadOnlyList<string> words = [.. entryPoint, .. command];
        // A build puts a shell before a line of its own.
        if (words is ["/bin/sh", "-c", _, ..])
            words = [.. words.Skip(2)];
        return words.Count > 0
            && (words[0] is "/sbin/init" or "/usr/sbin/init" or "/usr/local/sbin/init" || Path.GetFileName(words[0]) == "systemd");
    }
}
