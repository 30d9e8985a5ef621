namespace Podsharp.Model;

/// <summary>A set of images to copy.</summary>
public sealed record ImageSyncRequest
{
    /// <summary>What the source is.</summary>
    public ImageSyncPlace SourceKind { get; init; }
    /// <summary>A repository, with a tag or digest for one image of it; the full path of a directory of the engine's host; or the text of a description.</summary>
    public required string Source { get; init; }
    /// <summary>What the destination is: a registry or a directory.</summary>
    public ImageSyncPlace DestinationKind { get; init; }
    /// <summary>A registry with a path; or the full path of a directory of the engine's host.</summary>
    public required string Destination { get; init; }
    /// <summary>Has the source's whole name in the destination's path, rather than its last part.</summary>
    public bool Scoped { get; init; }
    /// <summary>Is appended to the tags at the destination.</summary>
    public string TagSuffix { get; init; } = "";
    /// <summary>Copies lists with all their images.</summary>
    public bool AllImages { get; init; }
    /// <summary>The form that images take there; null for the one they have.</summary>
    public ImageFormat? Format { get; init; }
    /// <summary>Rather fails than changes a digest.</summary>
    public bool PreserveDigests { get; init; }
    /// <summary>Leaves signatures behind.</summary>
    public bool RemoveSignatures { get; init; }
    /// <summary>Goes on with the others where one fails.</summary>
    public bool KeepGoing { get; init; }
    /// <summary>Only tells what would be copied.</summary>
    public bool DryRun { get; init; }
    /// <summary>How to talk to the source's registry, where a description doesn't say.</summary>
    public RegistryOptions SourceRegistry { get; init; } = new();
    /// <summary>How to talk to the destination's registry.</summary>
    public RegistryOptions DestinationRegistry { get; init; } = new();
}
