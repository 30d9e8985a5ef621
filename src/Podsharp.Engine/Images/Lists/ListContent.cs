using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Lists;

/// <summary>A list in the store while it is worked on: what it names, and where that is (containers/common libimage, buildah's manifests).</summary>
/// <remarks>The record of a list in images.json has no layer; its items of data are <c>manifest</c>, the list itself, and <c>instances.json</c>, which tells
/// for each digest where that image is, and for the empty name the list's own id. <c>artifacts.json</c> tells of artifacts; it is never changed here.</remarks>
/// <param name="Index">The list.</param>
/// <param name="Places">Where each image is, by its digest.</param>
internal sealed record ListContent(ImageManifest Index, IReadOnlyDictionary<string, string> Places)
{
    private const string ManifestKey = "manifest";
    private const string ArtifactsKey = "artifacts.json";

    /// <summary>A list without images.</summary>
    internal static ListContent Empty { get; } = new(new ImageManifest { SchemaVersion = 2, Manifests = [] }, EmptyDictionary.Strings);

    /// <summary>What the list names.</summary>
    internal IReadOnlyList<Descriptor> Entries => Index.Manifests ?? [];

    /// <summary>The entry with a digest; null for none.</summary>
    internal Descriptor? Find(string digest) => Entries.FirstOrDefault(entry => entry.Digest == digest);

    /// <summary>With an image at the end; one with the same digest gives way, as with podman.</summary>
    internal ListContent With(Descriptor entry, string place)
    {
        var places = new Dictionary<string, string>(Places, StringComparer.Ordinal) { [entry.Digest] = place };
        return new(Index with { Manifests = [.. Entries.Where(other => other.Digest != entry.Digest), entry] }, places);
    }

    /// <summary>Without an image.</summary>
    internal ListContent Without(string digest) => new(Index with { Manifests = [.. Entries.Where(entry => entry.Digest != digest)] },
        Places.Where(place => place.Key != digest).ToDictionary(StringComparer.Ordinal));

    /// <summary>With another entry in the place of the one with its digest.</summary>
    internal ListContent Replace(Descriptor changed) =>
        this with { Index = Index with { Manifests = [.. Entries.Select(entry => entry.Digest == changed.Digest ? changed : entry)] } };

    /// <summary>With further annotations of the list.</summary>
    internal ListContent Annotate(IReadOnlyDictionary<string, string> annotations) => annotations.Count == 0 ? this
        : this with { Index = Index with { Annotations = Merge(Index.Annotations, annotations) } };

    /// <summary>The media type of the form that it has.</summary>
    internal string Type => PrefersOci ? MediaTypes.OciIndex : MediaTypes.DockerList;

    /// <summary>The list's bytes, in the form that holds all it says: Docker's only for an empty one, and for features of processors, as with podman.</summary>
    internal byte[] ToBytes() => PrefersOci ? ImageManifestJson.WriteList(Index) : ImageManifestJson.WriteDockerList(Index);

    /// <summary>The data of a new record.</summary>
    /// <param name="id">The list's id.</param>
    internal IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> ToNewData(string id) =>
        [ManifestItem, PlacesItem(id), new(ArtifactsKey, "{}"u8.ToArray())];

    /// <summary>The data that replaces a record's. Whoever dies in between has a list that names nothing without a place: places that are new go first, those
    /// that aren't needed any more last.</summary>
    /// <param name="id">The list's id.</param>
    /// <param name="before">The list as it was.</param>
    internal IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> ToData(string id, ListContent before) =>
        before.Entries.All(entry => Places.ContainsKey(entry.Digest) || !before.Places.ContainsKey(entry.Digest)) ? [PlacesItem(id), ManifestItem] : [ManifestItem, PlacesItem(id)];

    /// <summary>Reads a list of the store. The files are what counts: a record that says something else comes from somebody who was killed, or is just at work.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt.</exception>
    internal static ListContent Read(StoredImage list)
    {
        try
        {
            var index = ImageJson.ReadManifest(ReadFile(list, ManifestKey));
            var places = ListPlaces.Read(ReadFile(list, StoredImage.ListPlacesKey));
            return index.Config is null && !(index.Manifests ?? []).Contains(null!) ? new(index with { Manifests = index.Manifests ?? [] }, places)
                : throw new JsonException("it is no list");
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the list {list.Names.FirstOrDefault() ?? list.Id[..12]} is damaged: {error.Message}", list.Id,
                "remove it, and make it again", error);
        }
    }

    /// <summary>The data as it is, where the record of a list says something else of it; null where both agree.</summary>
    internal static IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>? Unrecorded(StoredImage list)
    {
        KeyValuePair<string, ReadOnlyMemory<byte>>[] data = [new(StoredImage.ListPlacesKey, ReadFile(list, StoredImage.ListPlacesKey)), new(ManifestKey, ReadFile(list, ManifestKey))];
        return list.Digests.Contains(ContentDigest.Of(data[1].Value.Span).ToString()) && data.All(item => list.BigDataSizes.GetValueOrDefault(item.Key) == item.Value.Length) ? null : data;
    }

    private KeyValuePair<string, ReadOnlyMemory<byte>> ManifestItem => new(ManifestKey, ToBytes());

    private KeyValuePair<string, ReadOnlyMemory<byte>> PlacesItem(string id) => new(StoredImage.ListPlacesKey, ListPlaces.Write(id, Places));

    private static byte[] ReadFile(StoredImage list, string key) => Files.TryReadAll($"{list.DirectoryPath}/{BigDataFile.NameOf(key)}") ?? throw new ContainerEngineException(
        ErrorKind.DataCorrupt, "ImageDataMissing", $"the list {list.Names.FirstOrDefault() ?? list.Id[..12]} lacks its \"{key}\"", list.Id, "remove it, and make it again");

    /// <summary>Annotations with others added.</summary>
    internal static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string>? old, IReadOnlyDictionary<string, string> more)
    {
        var merged = new Dictionary<string, string>(old ?? EmptyDictionary.Strings, StringComparer.Ordinal);
        foreach (var (name, value) in more)
        {
            merged[name] = value;
        }
        return merged;
    }

    private bool PrefersOci =>
        !string.IsNullOrEmpty(Index.ArtifactType) || Index.Subject is not null || Index.Annotations is { Count: > 0 } ||
        Entries.Any(entry => !string.IsNullOrEmpty(entry.ArtifactType) || entry.Annotations is { Count: > 0 } || !string.IsNullOrEmpty(entry.Data)) ||
        (Entries.Count > 0 && !Entries.Any(entry => entry.Platform?.Features is { Count: > 0 }));
}
