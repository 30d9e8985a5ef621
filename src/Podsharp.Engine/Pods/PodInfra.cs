using Podsharp.Engine.State;

namespace Podsharp.Engine.Pods;

/// <summary>The container that holds a pod's namespaces: the host's catatonit, which only waits, in a root file system with nothing in it.</summary>
internal static class PodInfra
{
    /// <summary>Where the host's catatonit is mounted.</summary>
    public const string Program = "/catatonit";

    /// <summary>What it runs: it reaps, and ends at a stop signal only.</summary>
    public static IReadOnlyList<string> Command { get; } = [Program, "-P"];

    /// <summary>Whether a container is an infra container that needs the host's catatonit.</summary>
    public static bool NeedsProgram(ContainerConfig config) => config.IsInfra() && config.ImageId.Length == 0;
}
