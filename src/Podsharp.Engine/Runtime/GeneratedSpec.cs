using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>The outcome of <see cref="SpecGenerator"/>.</summary>
internal sealed record GeneratedSpec
{
    /// <summary>The document.</summary>
    internal required OciSpec Spec { get; init; }
    /// <summary>The process after the image's defaults.</summary>
    internal required ContainerProcessConfig Process { get; init; }
    /// <summary>The container's own mounts, for inspect.</summary>
    internal required IReadOnlyList<ContainerMountPoint> MountPoints { get; init; }
    /// <summary>Bounding set.</summary>
    internal required CapabilitySet BoundingCapabilities { get; init; }
    /// <summary>Effective set.</summary>
    internal required CapabilitySet EffectiveCapabilities { get; init; }
    /// <summary>What was clamped or has no effect here, one sentence each.</summary>
    internal required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>config.json.</summary>
    internal byte[] ToJson() => OciSpecJson.Serialize(Spec);
}
