using Podsharp.Engine.Images;

namespace Podsharp.Engine.Build;

/// <summary>What a stage has come to: the image that it would be if it ended here.</summary>
internal sealed record StageState
{
    /// <summary>The configuration.</summary>
    internal ImageConfigSection Section { get; init; } = new();

    /// <summary>Who made it; null for unknown.</summary>
    internal string? Author { get; init; }

    /// <summary>The architecture in OCI's terms.</summary>
    internal string? Architecture { get; init; }

    /// <summary>Its variant.</summary>
    internal string? Variant { get; init; }

    /// <summary>The operating system.</summary>
    internal string? Os { get; init; }

    /// <summary>Its version; null for none.</summary>
    internal string? OsVersion { get; init; }

    /// <summary>Its features that the image needs; null for none.</summary>
    internal IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>What has led here.</summary>
    internal IReadOnlyList<HistoryRecord> History { get; init; } = [];

    /// <summary>The layers, lowest first: DiffIDs and bytes of the plain tars.</summary>
    internal IReadOnlyList<(string DiffId, long Size)> Layers { get; init; } = [];

    /// <summary>How many of them are the base image's.</summary>
    internal int BaseLayers { get; init; }

    /// <summary>How many records of the history are the base image's.</summary>
    internal int BaseHistory { get; init; }

    /// <summary>The uppermost layer in the store; null for none.</summary>
    internal string? TopLayer { get; init; }

    /// <summary>An image in the store that has these layers; null for none. A container for RUN is made of it.</summary>
    internal string? ImageId { get; init; }

    /// <summary>The base image's name, or "scratch".</summary>
    internal string BaseName { get; init; } = "";

    /// <summary>The base image's id; null for none.</summary>
    internal string? BaseId { get; init; }

    /// <summary>The digest of the base image's manifest; null for none.</summary>
    internal string? BaseDigest { get; init; }

    /// <summary>The annotations of the base image's manifest.</summary>
    internal IReadOnlyDictionary<string, string> Annotations { get; init; } = Model.EmptyDictionary.Strings;

    /// <summary>What all this depends on, as a digest: the same key, the same image.</summary>
    internal required string Key { get; init; }
}
