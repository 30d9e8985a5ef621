using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A list of images: <c>manifest inspect</c>.</summary>
public static class ManifestShape
{
    private const int SchemaVersion = 2;

    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(ContainerManifest manifest) => new WireStruct("ManifestListData")
        .Add("SchemaVersion", SchemaVersion, "schemaVersion")
        .Add("MediaType", manifest.MediaType, "mediaType")
        .Add("ArtifactType", manifest.ArtifactType, "artifactType", omitEmpty: true)
        .Add("Manifests", WireList.From(manifest.Images.Select(Entry), nilIfEmpty: true), "manifests")
        .Add("Subject", manifest.Subject is { } subject ? Entry(subject) : null, "subject", omitEmpty: true)
        .Add("Annotations", WireMap.From(manifest.Annotations), "annotations", omitEmpty: true);

    private static WireStruct Entry(ContainerManifestImage image) => new WireStruct("ManifestListDescriptor")
        .Add("MediaType", image.MediaType, "mediaType")
        .Add("Size", image.Size, "size")
        .Add("Digest", image.Digest, "digest")
        .Add("URLs", WireList.From(image.Urls), "urls", omitEmpty: true)
        .Add("Platform", Platform(image), "platform")
        .Add("Annotations", WireMap.From(image.Annotations), "annotations", omitEmpty: true)
        .Add("ArtifactType", image.ArtifactType, "artifactType", omitEmpty: true)
        .Add("Data", image.Data, "data", omitEmpty: true);

    private static WireStruct Platform(ContainerManifestImage image) => new WireStruct("Schema2PlatformSpec")
        .Add("Architecture", image.Architecture, "architecture")
        .Add("OS", image.Os, "os")
        .Add("OSVersion", image.OsVersion, "os.version", omitEmpty: true)
        .Add("OSFeatures", WireList.From(image.OsFeatures), "os.features", omitEmpty: true)
        .Add("Variant", image.Variant, "variant", omitEmpty: true)
        .Add("Features", WireList.From(image.Features), "features", omitEmpty: true);
}
