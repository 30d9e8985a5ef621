using System.Globalization;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Archives;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>An entry of the store's index, with the manifest that it names.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Manifest">The manifest; null where it is missing or damaged: such an artifact can only be removed.</param>
internal sealed record StoredArtifact(Descriptor Entry, ArtifactManifest? Manifest)
{
    /// <summary>The annotation of a manifest that tells when it was made.</summary>
    internal const string CreatedAnnotation = "org.opencontainers.image.created";

    /// <summary>The name, as it was given; empty for none.</summary>
    internal string Name => NameOf(Entry);

    /// <summary>The name of an entry.</summary>
    internal static string NameOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(OciLayout.NameAnnotation) ?? "";

    /// <summary>All digests that it needs: the manifest, the configuration, the files.</summary>
    internal IEnumerable<string> Digests => Manifest is { } manifest ? [Entry.Digest, manifest.Config.Digest, .. manifest.Layers.Select(layer => layer.Digest)] : [Entry.Digest];

    /// <summary>The manifest.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is missing or damaged.</exception>
    internal ArtifactManifest NeedManifest() => Manifest ?? throw Damaged();

    /// <summary>The error for an artifact whose manifest can't be read.</summary>
    internal ContainerEngineException Damaged() => new(ErrorKind.DataCorrupt, "ArtifactDamaged",
        $"the manifest of the artifact {(Name.Length > 0 ? Name : Entry.Digest)} is missing or damaged", Name, "remove it and pull it again");

    /// <summary>The artifact as others see it.</summary>
    internal ContainerArtifact ToModel()
    {
        var (repository, tag, _) = ImageReference.Split(Name);
        return new ContainerArtifact
        {
            Name = Name,
            Repository = repository,
            Tag = tag ?? "",
            Digest = Entry.Digest,
            Type = Manifest switch { null => "", { ArtifactType.Length: > 0 } named => named.ArtifactType, { Config.MediaType: ArtifactBlobs.EmptyType } => "", var other => other.Config.MediaType },
            Created = Manifest?.Annotations.GetValueOrDefault(CreatedAnnotation) is { } time
                && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var created) ? created : null,
            Size = Manifest?.Layers.Sum(layer => layer.Size) ?? 0,
            FileCount = Manifest?.Layers.Count ?? 0,
            Subject = Manifest?.Subject?.Digest ?? "",
        };
    }
}
