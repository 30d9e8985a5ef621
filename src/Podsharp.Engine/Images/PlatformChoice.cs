using System.Runtime.InteropServices;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Chooses the entry of an index that runs on a platform (image-spec image-index.md; variants as containers/image does).</summary>
internal static class PlatformChoice
{
    private const string AttestationAnnotation = "vnd.docker.reference.type";
    private const string ZstdAnnotation = "io.github.containers.compression.zstd";

    /// <summary>The platform of this host.</summary>
    internal static ImagePlatform Host { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => new("linux", "amd64"),
        Architecture.X86 => new("linux", "386"),
        Architecture.Arm64 => new("linux", "arm64", "v8"),
        Architecture.Arm => new("linux", "arm", "v7"),
        Architecture.Armv6 => new("linux", "arm", "v6"),
        Architecture.LoongArch64 => new("linux", "loong64"),
        var other => new("linux", other.ToString().ToLowerInvariant()),
    };

    /// <summary>Fills what a request leaves open with the host's.</summary>
    internal static ImagePlatform Complete(ImagePlatform? wanted)
    {
        if (wanted is null)
        {
            return Host;
        }
        var architecture = wanted.Architecture.Length > 0 ? wanted.Architecture : Host.Architecture;
        var (name, variant) = (Normalise(architecture), wanted.Variant);
        return new ImagePlatform(wanted.Os.Length > 0 ? wanted.Os : Host.Os, name,
            variant.Length > 0 ? variant : name == Host.Architecture ? Host.Variant : "");
    }

    /// <summary>The best entry of an index.</summary>
    /// <exception cref="ContainerEngineException">None fits (<c>PlatformNotFound</c>); the platforms there are, are named.</exception>
    internal static Descriptor Choose(ImageManifest index, ImagePlatform wanted, string source)
    {
        if (TryChoose(index, wanted) is { } entry)
        {
            return entry;
        }
        var there = Images(index).Where(image => image.Platform is not null).Select(image => Show(image.Platform!)).Distinct().ToList();
        throw new ContainerEngineException(ErrorKind.NotFound, "PlatformNotFound", $"{source} has no image for {wanted}", source,
            there.Count == 0 ? "it has no image at all" : $"it has {string.Join(", ", there)}; choose one with --platform");
    }

    /// <summary>The same; null where none fits.</summary>
    internal static Descriptor? TryChoose(ImageManifest index, ImagePlatform wanted)
    {
        var images = Images(index);
        foreach (var variant in Variants(wanted))
        {
            var fitting = images.Where(entry => Fits(entry.Platform, wanted, variant)).ToList();
            if (fitting.Count > 0)
            {
                // The same image may be there twice; zstd unpacks several times faster.
                return fitting.FirstOrDefault(entry => entry.Annotations?.GetValueOrDefault(ZstdAnnotation) == "true") ?? fitting[0];
            }
        }
        return images.Find(entry => entry.Platform is null or { Architecture: "" });
    }

    /// <summary>The platforms of a list's images, each once, in the list's order.</summary>
    internal static IReadOnlyList<ImagePlatform> Platforms(ImageManifest index) =>
        [.. Images(index).Where(entry => entry.Platform is { Architecture.Length: > 0 }).Select(entry => new ImagePlatform(entry.Platform!.Os, entry.Platform.Architecture, entry.Platform.Variant ?? "")).Distinct()];

    /// <summary>The platform of an image.</summary>
    internal static ImagePlatform Of(ImageConfigFile config) => Complete(new ImagePlatform(config.Os ?? "", config.Architecture ?? "", config.Variant ?? ""));

    private static List<Descriptor> Images(ImageManifest index) => [.. (index.Manifests ?? []).Where(entry => !IsAttestation(entry))];

    /// <summary>Whether an image is one for a platform that was asked for.</summary>
    internal static bool Matches(ImageConfigFile config, ImagePlatform wanted) =>
        Variants(wanted).Any(variant => Fits(new PlatformRecord { Os = config.Os ?? "", Architecture = config.Architecture ?? "", Variant = config.Variant }, wanted, variant));

    private static bool Fits(PlatformRecord? platform, ImagePlatform wanted, string? variant) =>
        platform is not null && platform.Os == wanted.Os && Normalise(platform.Architecture) == wanted.Architecture &&
        (variant is null || (platform.Variant ?? "") == variant);

    /// <summary>Variants that run on a platform, the best first; null stands for any.</summary>
    private static IEnumerable<string?> Variants(ImagePlatform wanted) => (wanted.Architecture, wanted.Variant) switch
    {
        ("arm", "v8") => ["v8", "v7", "v6", "v5", ""],
        ("arm", "v7") => ["v7", "v6", "v5", ""],
        ("arm", "v6") => ["v6", "v5", ""],
        ("arm", "v5") => ["v5", ""],
        ("arm64", "v8") => ["v8", ""],
        (_, "") => ["", null],
        (_, var variant) => [variant, ""],
    };

    private static bool IsAttestation(Descriptor entry) => entry.Annotations?.GetValueOrDefault(AttestationAnnotation) == "attestation-manifest" ||
        entry.Platform is { Os: "unknown", Architecture: "unknown" };

    private static string Normalise(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        "armhf" => "arm",
        "i386" or "i686" => "386",
        _ => architecture,
    };

    private static string Show(PlatformRecord platform) =>
        new ImagePlatform(platform.Os, platform.Architecture, platform.Variant ?? "").ToString();
}
