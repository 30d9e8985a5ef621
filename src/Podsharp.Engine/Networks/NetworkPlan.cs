using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>What a container's network will be: decided and checked at creation, before anything is made.</summary>
internal sealed record NetworkPlan
{
    /// <summary>The network namespace: never <see cref="NamespaceKind.Default"/>. Private is one of the container's own with
    /// <see cref="Attachments"/>, Pasta and Slirp4netns one that these programs connect; None one with loopback only.</summary>
    public required NamespaceMode Mode { get; init; }

    /// <summary>The networks, each with its name and its interface's name.</summary>
    public IReadOnlyList<NetworkAttachment> Attachments { get; init; } = [];

    /// <summary>The published ports, each with its host port.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary>The exposed ports of image and spec, <c>80/tcp</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>What the caller asked for and does not get.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the engine makes the namespace (and so tears it down).</summary>
    public bool HasOwnNamespace => Mode.Kind is NamespaceKind.Private or NamespaceKind.Pasta or NamespaceKind.Slirp4netns;
}
