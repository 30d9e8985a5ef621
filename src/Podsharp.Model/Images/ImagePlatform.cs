namespace Podsharp.Model;

/// <summary>An operating system and processor.</summary>
/// <param name="Os">GOOS value: linux.</param>
/// <param name="Architecture">GOARCH value: amd64, arm64.</param>
/// <param name="Variant">v7, v8; empty for none.</param>
public sealed record ImagePlatform(string Os, string Architecture, string Variant = "")
{
    /// <summary>Reads <c>os/arch[/variant]</c>; empty parts are the host's.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for another form.</exception>
    public static ImagePlatform Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length is < 1 or > 3 || parts.Any(p => p.Length == 0))
            throw EngineErrors.InvalidArgument($"invalid platform \"{text}\"", text, "write it as OS/ARCH or OS/ARCH/VARIANT, for example linux/arm64");
        return parts.Length == 1 ? new(parts[0], "") : new(parts[0], parts[1], parts.Length > 2 ? parts[2] : "");
    }

    /// <summary>The platform of a whole name, or of its parts; null where neither is given.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: both are.</exception>
    public static ImagePlatform? Choose(ImagePlatform? platform, string? os, string? architecture, string? variant)
    {
        if (os is null && architecture is null && variant is null)
            return platform;
        return platform is null ? new(os ?? "linux", architecture ?? "", variant ?? "")
            : throw EngineErrors.InvalidArgument("the platform can't be named as a whole and in parts (operating system, architecture, variant)", platform.ToString(), "give one of them");
    }

    /// <inheritdoc/>
    public override string ToString() => Variant.Length > 0 ? $"{Os}/{Architecture}/{Variant}" : $"{Os}/{Architecture}";
}
