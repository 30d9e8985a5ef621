namespace Podsharp.Model;

/// <summary>What takes space.</summary>
public enum StorageKind
{
    /// <summary>Images.</summary>
    Image,
    /// <summary>Containers' own layers.</summary>
    Container,
    /// <summary>Volumes.</summary>
    Volume,
    /// <summary>Pods, which take no more space than their containers.</summary>
    Pod,
    /// <summary>Networks, which take no space worth telling.</summary>
    Network,
    /// <summary>Files in the store that no record names: what killed programs left.</summary>
    Leftover,
    /// <summary>Directories that commands of builds keep from one to the next (<c>RUN --mount=type=cache</c>).</summary>
    BuildCache,
}
