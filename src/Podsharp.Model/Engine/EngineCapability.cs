namespace Podsharp.Model;

/// <summary>The words of <see cref="ContainerEngineInfo.Capabilities"/>: what not every connection can do. A remote engine, or another
/// program behind the same API, lists fewer; callers ask before they rely on one.</summary>
public static class EngineCapability
{
    /// <summary>Errors carry Podsharp's stable ids.</summary>
    public const string StableErrorIds = "stable-error-ids";
    /// <summary>Pulls report bytes per layer.</summary>
    public const string LayerProgress = "layer-progress";
    /// <summary>Paths in a specification and in results are this machine's own.</summary>
    public const string LocalPaths = "local-paths";
    /// <summary>Root file systems can be imported as images.</summary>
    public const string ImageImport = "image-import";
    /// <summary>Containers whose storage another program removed are listed as lost.</summary>
    public const string LostContainers = "lost-containers";
}
