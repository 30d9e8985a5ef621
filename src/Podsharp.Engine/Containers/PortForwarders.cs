using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Networks.Forwarding;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Forwards the published ports of an ordinary user's containers on networks, by a process for each such container. Those of root are
/// netavark's business. The caller holds the container's lock.</summary>
internal sealed class PortForwarders(EngineParts parts)
{
    /// <summary>Opens the ports of a container that is about to start; null where it has none that are forwarded.</summary>
    /// <exception cref="ContainerEngineException">PortInUse, PermissionDenied, InvalidArgument.</exception>
    public PortListeners? Listen(ContainerConfig config) => Forwards(config) ? PortListeners.Open(config.Ports) : null;

    /// <summary>Forwards what comes in at these sockets.</summary>
    /// <param name="record">With what it got in its networks.</param>
    /// <param name="listeners">The sockets of its ports.</param>
    public void Start(ContainerRecord record, PortListeners listeners)
    {
        if (ForwardingPlan.Create(record.Config.Ports, record.Run!.NetworkStatus) is not { } plan)
            return;
        ProcessOf(record.Id).Start(parts.Executables.PathOf(record.Executable), record.Name, plan, listeners, Release);
        StepPoints.Reach("container.init.forwarder");
    }

    /// <summary>Makes sure that a running container can be given these ports.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="Listen"/>.</exception>
    public void Check(ContainerRecord record, IReadOnlyList<PortMapping> ports) => PortReservation.Check(ports, ProcessOf(record.Id).Pid);

    /// <summary>Has what is forwarded be what a running container has now; where that is so already, connections go on.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="Listen"/>.</exception>
    public void Adapt(ContainerRecord record)
    {
        if (!parts.Networks.ForwardsPorts || !record.Config.HasNetworks())
            return;
        var process = ProcessOf(record.Id);
        var plan = ForwardingPlan.Create(record.Config.Ports, record.Run!.NetworkStatus);
        if (plan is not null && process.IsRunning(plan))
            return;
        if (plan is not null || process.IsNoted)
            process.Stop();
        if (plan is null)
            return;
        using var listeners = PortListeners.Open(record.Config.Ports);
        Start(record, listeners);
    }

    /// <summary>Ends the forwarding of a container that has ended.</summary>
    public void Stop(ContainerConfig config)
    {
        if (Forwards(config))
            ProcessOf(config.Id).Stop();
    }

    private bool Forwards(ContainerConfig config) => config.HasNetworks() && config.Ports.Count > 0 && parts.Networks.ForwardsPorts;

    private ForwarderProcess ProcessOf(string id) => new(Path.Combine(parts.Paths.RootlessNetworkDirectory, "ports"), parts.Networks.RootlessPath, id);

    private void Release(int pid)
    {
        CgroupTree.Move(parts.Host.Cgroups, pid, CgroupPaths.Conmon);
        // Nobody waits for it, but a session that outlives it would keep its remains.
        new Thread(() => Processes.Wait(pid)) { IsBackground = true, Name = "podsharp forwarder's reaper" }.Start();
    }
}
