using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>What a pod's state is: podman's rule.</summary>
internal static class PodStates
{
    /// <summary>The state of a pod with containers in these states, init containers left out.</summary>
    public static PodState Of(IReadOnlyList<ContainerState> containers)
    {
        var running = containers.Count(state => state is ContainerState.Running);
        var paused = containers.Count(state => state is ContainerState.Paused);
        var ended = containers.Count(state => state is ContainerState.Exited or ContainerState.Stopped);
        var created = containers.Count(state => state is ContainerState.Created or ContainerState.Initialized);
        if (containers.Count == 0)
            return PodState.Created;
        if (running == containers.Count)
            return PodState.Running;
        if (running > 0)
            return PodState.Degraded;
        if (paused == containers.Count)
            return PodState.Paused;
        if (ended == containers.Count)
            return PodState.Exited;
        return ended > 0 ? PodState.Stopped : created + paused < containers.Count ? PodState.Error : PodState.Created;
    }
}
