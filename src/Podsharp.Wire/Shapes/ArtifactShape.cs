using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>Artifacts as <c>podman artifact ls</c> and <c>podman artifact inspect</c> show them.</summary>
public static class ArtifactShape
{
    private const int ShortId = 12;

    /// <summary>The shape of lists.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="now">The present, for relative times.</param>
    /// <param name="whole">The digest isn't cut.</param>
    public static WireStruct List(ContainerArtifact artifact, DateTimeOffset now, bool whole) => new WireStruct("artifactListOutput")
        .Add("Digest", whole ? artifact.Id : artifact.Id[..Math.Min(ShortId, artifact.Id.Length)])
        .Add("Repository", artifact.Repository)
        .Add("Size", Human.Size(artifact.Size))
        .Add("Tag", artifact.Tag)
        .Add("VirtualSize", artifact.Size.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .Add("Created", artifact.Created is { } created ? Human.Ago(created, now) : "")
        .Add("CreatedAt", artifact.Created is { } time ? GoText.Time(time) : "");

    /// <summary>The shape of inspect.</summary>
    public static WireStruct Create(ContainerArtifactDetail artifact) => new WireStruct("entities.ArtifactInspectReport")
        .Add("Manifest", Manifest(artifact.Manifest))
        .Add("Name", artifact.Name)
        .Add("Digest", artifact.Digest);

    /// <summary>An artifact about an image at a registry.</summary>
    public static WireStruct Referrer(ContainerArtifactReferrer referrer) => new WireStruct("artifactReferrer")
        .Add("Name", referrer.Name)
        .Add("Digest", referrer.Digest)
        .Add("Type", referrer.Type)
        .Add("Size", referrer.Size)
        .Add("Annotations", WireMap.From(referrer.Annotations))
        .Add("Subject", referrer.Subject);

    private static WireStruct Manifest(ArtifactManifest manifest) => new WireStruct("manifest.OCI1")
        .Add("SchemaVersion", manifest.SchemaVersion, "schemaVersion")
        .Add("MediaType", manifest.MediaType, "mediaType", omitEmpty: true)
        .Add("ArtifactType", manifest.ArtifactType, "artifactType", omitEmpty: true)
        .Add("Config", Descriptor(manifest.Config), "config")
        .Add("Layers", WireList.From(manifest.Layers.Select(Descriptor)), "layers")
        .Add("Subject", manifest.Subject is { } subject ? Descriptor(subject) : null, "subject", omitEmpty: true)
        .Add("Annotations", WireMap.From(manifest.Annotations, nilIfEmpty: true), "annotations", omitEmpty: true);

    private static WireStruct Descriptor(ArtifactDescriptor descriptor) => new WireStruct("v1.Descriptor")
        .Add("MediaType", descriptor.MediaType, "mediaType")
        .Add("Digest", descriptor.Digest, "digest")
        .Add("Size", descriptor.Size, "size")
        .Add("URLs", WireList.From(descriptor.Urls), "urls", omitEmpty: true)
        .Add("Annotations", WireMap.From(descriptor.Annotations, nilIfEmpty: true), "annotations", omitEmpty: true)
        .Add("Data", descriptor.Data, "data", omitEmpty: true)
        .Add("ArtifactType", descriptor.ArtifactType, "artifactType", omitEmpty: true);
}
