using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>The order in which a pod's containers are started: what others need comes before them. A stop goes the other way.</summary>
internal static class PodOrder
{
    /// <summary>The containers in layers: those of one may be started at the same time.</summary>
    public static IReadOnlyList<IReadOnlyList<ContainerRecord>> Layers(IReadOnlyList<ContainerRecord> containers)
    {
        var layers = new List<IReadOnlyList<ContainerRecord>>();
        var left = containers.ToList();
        while (left.Count > 0)
        {
            var layer = left.Where(container => !left.Any(other => other.Id != container.Id && Needs(container, other))).ToList();
            // Whoever made a circle of namespaces gets the runtime's complaint, not a wait for ever.
            if (layer.Count == 0)
                layer = [.. left];
            layers.Add(layer);
            left.RemoveAll(layer.Contains);
        }
        return layers;
    }

    /// <summary>Whether a container can't be started before another one of its pod.</summary>
    public static bool Needs(ContainerRecord container, ContainerRecord other) =>
        (other.Config.IsInfra() && !container.Config.IsInfra())
        || container.Config.Spec.Requires.Any(requirement => requirement.Container == other.Id)
        || IsFrom(container.Config.Network, other)
        || IsFrom(container.Config.Spec.PidNamespace, other)
        || IsFrom(container.Config.Spec.IpcNamespace, other)
        || IsFrom(container.Config.Spec.UtsNamespace, other)
        || IsFrom(container.Config.Spec.CgroupNamespace, other);

    private static bool IsFrom(NamespaceMode mode, ContainerRecord other) => mode is { Kind: NamespaceKind.Container, Target: { } target }
        && (target == other.Id || target == other.Name || (target.Length >= 12 && other.Id.StartsWith(target, StringComparison.Ordinal)));
}
