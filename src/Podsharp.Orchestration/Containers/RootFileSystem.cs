using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>A root file system directory as <c>--rootfs</c> takes it: <c>PATH</c>, or <c>PATH:O</c> for a layer over it that takes the changes.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Overlay">Whether there is to be such a layer.</param>
public readonly record struct RootFileSystem(string Path, bool Overlay)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: an option that isn't built yet.</exception>
    public static RootFileSystem Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 ? new(text, false) : text[(colon + 1)..] switch
        {
            "O" => new(text[..colon], true),
            "idmap" => throw EngineErrors.Unsupported("a root file system with mapped ids is not supported yet", text, "leave :idmap out"),
            var option when option.StartsWith("idmap=", StringComparison.Ordinal) => throw EngineErrors.Unsupported("a root file system with mapped ids is not supported yet", text, "leave :idmap out"),
            _ => new(text, false),
        };
    }
}
