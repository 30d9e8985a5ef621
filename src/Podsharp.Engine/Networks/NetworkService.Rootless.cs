using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>What is otherwise for an ordinary user, whose bridges are in a network namespace of the user's own.</summary>
internal sealed partial class NetworkService
{
    /// <summary>What connects the containers of an ordinary user who asks for no network.</summary>
    private NamespaceMode RootlessMode() => settings.RootlessMode switch
    {
        RootlessConnection.Pasta => new(NamespaceKind.Pasta),
        RootlessConnection.Slirp4netns => new(NamespaceKind.Slirp4netns),
        var other => throw RootlessConnection.Unknown(other),
    };

    /// <summary>Makes sure that published ports can be forwarded into an ordinary user's network namespace.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal void CheckForwarding(IReadOnlyList<PortMapping> ports)
    {
        if (ForwardsPorts && ports.FirstOrDefault(port => port.Protocol is not ("tcp" or "udp")) is { } other)
            throw EngineErrors.Unsupported($"{other.Protocol} ports can't be forwarded to an ordinary user's containers", other.ToString(), "publish tcp and udp ports only, or run as root");
    }

    /// <summary>Whether published ports are forwarded by a process of ours: an ordinary user's network namespace is not the host's.</summary>
    internal bool ForwardsPorts => settings.Rootless;

    /// <summary>The file of the network namespace in which an ordinary user's bridges are.</summary>
    internal string RootlessPath => rootless.Path;

    /// <summary>Whether an ordinary user's namespace of the bridges is there, but none of the containers that use it.</summary>
    internal bool RootlessIsForsaken => settings.Rootless && rootless.IsForsaken();

    /// <summary>How an ordinary user's containers on networks reach the host and its name servers.</summary>
    internal RootlessWay RootlessWay() => rootless.Way();

    private NetworkSetup SetupRootless(NetworkRequest request, string namespacePath, CancellationToken cancellationToken)
    {
        var isNew = rootless.Join(namespacePath, cancellationToken);
        try
        {
            return netavark.Setup(request, namespacePath, cancellationToken);
        }
        catch (ContainerEngineException error) when (isNew && error.Message.Contains("already exists on container namespace", StringComparison.Ordinal))
        {
            // Of a namespace of bridges that was lost: the kernel takes the container's interface away in its own time. What has failed is taken down by now.
            return netavark.Setup(request, namespacePath, cancellationToken);
        }
    }

    /// <summary>A container has no connections any more; an ordinary user's last one takes the namespace of the bridges with it.</summary>
    internal void Leave(string namespacePath)
    {
        if (settings.Rootless) rootless.Leave(namespacePath);
    }
}
