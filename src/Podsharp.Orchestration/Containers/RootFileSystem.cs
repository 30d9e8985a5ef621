namespace Podsharp.Orchestration.Containers;

/// <summary>A root file system directory as <c>--rootfs</c> takes it: <c>PATH</c>; <c>PATH:O</c> for a layer over it that takes the changes;
/// <c>PATH:idmap[=uids=RANGES;gids=RANGES]</c> for files that belong to ids of the container's user namespace.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Overlay">Whether there is to be such a layer.</param>
/// <param name="IdMap">The option <c>idmap</c> as it was given, or null.</param>
public readonly record struct RootFileSystem(string Path, bool Overlay, string? IdMap = null)
{
    /// <summary>Reads it.</summary>
    public static RootFileSystem Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 ? new(text, false) : text[(colon + 1)..] switch
        {
            "O" => new(text[..colon], true),
            var option when option == "idmap" || option.StartsWith("idmap=", StringComparison.Ordinal) => new(text[..colon], false, option),
            _ => new(text, false),
        };
    }
}
