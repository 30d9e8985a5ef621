using System.Security.Cryptography;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>The images: the store's own, and those of additional stores, which are only read.</summary>
internal sealed class ImageStore
{
    private readonly StorageConfiguration configuration;
    private readonly StoreLayout layout;
    private readonly StoreFile<StoredImage> own;
    private readonly IReadOnlyList<StoreFile<StoredImage>> additional;

    internal ImageStore(StorageConfiguration configuration, StoreLayout layout)
    {
        this.configuration = configuration;
        this.layout = layout;
        own = OpenFile(configuration.GraphRoot, isReadOnly: false);
        additional = [.. configuration.AdditionalImageStores.Select(root => OpenFile(root, isReadOnly: true))];
    }

    /// <summary>All images, the store's own first; one that is in several stores is named once.</summary>
    internal IReadOnlyList<StoredImage> Read()
    {
        var images = own.Read().Records;
        if (additional.Count == 0)
            return images;
        return [.. images.Concat(additional.SelectMany(store => store.Read().Records)).DistinctBy(image => image.Id)];
    }

    /// <summary>The image with this id, unique beginning of an id, or full reference; null when there is none.</summary>
    /// <exception cref="ContainerEngineException">The beginning fits several images (Ambiguous).</exception>
    internal StoredImage? Find(string idOrPrefixOrName)
    {
        var images = Read();
        var key = LayerId.Hex(idOrPrefixOrName);
        StoredImage? byPrefix = null;
        var ambiguous = false;
        var isPrefix = key.Length is > 0 and <= 64 && key.All(char.IsAsciiHexDigitLower);
        foreach (var image in images)
        {
            if (image.Id == key || image.Names.Contains(idOrPrefixOrName))
                return image;
            if (!isPrefix || !image.Id.StartsWith(key, StringComparison.Ordinal))
                continue;
            ambiguous |= byPrefix is not null;
            byPrefix = image;
        }
        return ambiguous ? throw EngineErrors.Ambiguous("image", idOrPrefixOrName) : byPrefix;
    }

    /// <summary>Holds the store's own images as they are (shared lock).</summary>
    internal StoreFile<StoredImage>.StoreReading BeginRead() => own.BeginRead();

    /// <summary>Takes the images' exclusive lock.</summary>
    internal StoreFile<StoredImage>.StoreWriting BeginWrite()
    {
        layout.PrepareForWriting();
        return own.BeginWrite();
    }

    /// <summary>One of an image's data items.</summary>
    internal static byte[] ReadData(StoredImage image, string key)
    {
        var path = $"{image.DirectoryPath}/{BigDataFile.NameOf(key)}";
        var data = Files.TryReadAll(path) ?? throw new ContainerEngineException(ErrorKind.DataCorrupt, "ImageDataMissing",
            $"the image {image.Id} lacks its \"{key}\"", image.Id, "pull the image again");
        if (image.BigDataSizes.TryGetValue(key, out var size) && size != data.Length)
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ImageDataCorrupt",
                $"the \"{key}\" of image {image.Id} has {data.Length} bytes instead of {size}", image.Id, "remove and pull the image again");
        return data;
    }

    /// <summary>Writes down an image, or names and data for one that is there; <see cref="ImageAddition.Apply"/> makes it count.</summary>
    internal ImageAddition Prepare(StoreFile<StoredImage>.StoreWriting writing, ImageCommit commit)
    {
        var old = writing.Snapshot.Find(commit.Id);
        var directory = $"{configuration.GraphRoot}/overlay-images/{commit.Id}";
        Files.MakeDirectory(directory, 0x1C0 /* 0700 */);
        var images = TakeNames(writing.Snapshot.Records, commit.Id, commit.Names);
        var raw = old is null ? NewRecord(commit) : MergeRecord(images.First(image => image.Id == commit.Id).Raw, commit);
        var record = WithNames(RecordParser.ParseImage(raw, configuration.GraphRoot, isReadOnly: false),
            [.. old?.Names ?? [], .. commit.Names]);
        var files = new FileBatch();
        try
        {
            foreach (var (key, data) in commit.BigData)
                files.Add($"{directory}/{BigDataFile.NameOf(key)}", data.Span, durable: true);
            return new ImageAddition(record, files, writing.Prepare(old is null ? [.. images, record]
                : [.. images.Select(image => image.Id == commit.Id ? record : image)]));
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Adds and removes names; an added one is taken from whoever has it, in the same write.</summary>
    /// <returns>The image as it is then.</returns>
    internal StoredImage SetNames(string imageId, IReadOnlyList<string> add, IReadOnlyList<string> remove)
    {
        using var writing = BeginWrite();
        var image = writing.Snapshot.Find(imageId) ?? throw NotChangeable(imageId);
        var images = TakeNames(writing.Snapshot.Records, imageId, add);
        var renamed = WithNames(image, [.. image.Names.Except(remove), .. add]);
        writing.Save([.. images.Select(other => other.Id == imageId ? renamed : other)]);
        return renamed;
    }

    /// <summary>Why an image that isn't among the store's own can't be changed. Takes no lock of the store's own list.</summary>
    internal ContainerEngineException NotChangeable(string imageId) =>
        additional.Any(store => store.Read().Find(imageId) is not null)
            ? EngineErrors.Unsupported($"the image {imageId} is in a read-only store", imageId, "change it in that store, or pull it into this one")
            : EngineErrors.ImageNotFound(imageId);

    private static List<StoredImage> TakeNames(IReadOnlyList<StoredImage> images, string imageId, IReadOnlyList<string> names) =>
        [.. images.Select(image => image.Id != imageId && image.Names.Intersect(names).Any()
            ? WithNames(image, [.. image.Names.Except(names)]) : image)];

    private static StoredImage WithNames(StoredImage image, IReadOnlyList<string> names)
    {
        names = [.. names.Distinct()];
        if (names.SequenceEqual(image.Names))
            return image;
        IReadOnlyList<string> history = [.. names.Except(image.NamesHistory), .. image.NamesHistory];
        return image with
        {
            Names = names,
            NamesHistory = history,
            Raw = RecordEditor.Set(image.Raw, ("names", names.Count == 0 ? null : RecordEditor.Array(names)),
                ("names-history", history.Count == 0 ? null : RecordEditor.Array(history))),
        };
    }

    private static byte[] NewRecord(ImageCommit commit) => MergeRecord(RecordEditor.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", commit.Id);
        if (commit.TopLayerId is not null)
            writer.WriteString("layer", commit.TopLayerId);
        writer.WriteString("metadata", commit.Metadata);
        writer.WriteString("created", RecordEditor.Time(commit.Created));
        writer.WriteEndObject();
    }), commit);

    private static byte[] MergeRecord(ReadOnlyMemory<byte> raw, ImageCommit commit)
    {
        using var document = System.Text.Json.JsonDocument.Parse(raw);
        var root = document.RootElement;
        var keys = new List<string>();
        if (root.TryGetProperty("big-data-names", out var oldKeys) && oldKeys.ValueKind == System.Text.Json.JsonValueKind.Array)
            keys.AddRange(oldKeys.EnumerateArray().Select(key => key.GetString()!));
        keys.AddRange(commit.BigData.Select(item => item.Key).Except(keys));
        var digest = root.TryGetProperty("digest", out var known) ? known.GetString() : commit.Digest ?? FirstManifestDigest(commit);
        // Sizes of signatures that are new stand there; an image that comes without any keeps those it has.
        if (commit.Metadata != "{}")
            raw = RecordEditor.Set(raw, ("metadata", RecordEditor.Write(writer => writer.WriteStringValue(commit.Metadata))));
        return RecordEditor.Set(raw,
            ("digest", string.IsNullOrEmpty(digest) ? null : RecordEditor.Write(writer => writer.WriteStringValue(digest))),
            ("big-data-names", keys.Count == 0 ? null : RecordEditor.Array(keys)),
            ("big-data-sizes", MergeData(root, "big-data-sizes", commit, (writer, data) => writer.WriteNumberValue(data.Length))),
            ("big-data-digests", MergeData(root, "big-data-digests", commit, (writer, data) => writer.WriteStringValue(Digest(data)))));
    }

    private static byte[]? MergeData(System.Text.Json.JsonElement root, string name, ImageCommit commit,
        Action<System.Text.Json.Utf8JsonWriter, ReadOnlyMemory<byte>> write)
    {
        var merged = root.TryGetProperty(name, out var old) && old.ValueKind == System.Text.Json.JsonValueKind.Object
            ? RecordEditor.Write(old.WriteTo) : "{}"u8.ToArray();
        foreach (var (key, data) in commit.BigData)
            merged = RecordEditor.Set(merged, (key, RecordEditor.Write(writer => write(writer, data))));
        return merged.Length > 2 ? merged : null;
    }

    private static string? FirstManifestDigest(ImageCommit commit)
    {
        foreach (var (key, data) in commit.BigData)
        {
            if (key.StartsWith("manifest", StringComparison.Ordinal))
                return Digest(data);
        }
        return null;
    }

    private static string Digest(ReadOnlyMemory<byte> data) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data.Span));

    private static StoreFile<StoredImage> OpenFile(string root, bool isReadOnly) => new($"{root}/overlay-images/images.lock",
        $"{root}/overlay-images/images.json", null, (raw, _) => RecordParser.ParseImage(raw, root, isReadOnly));
}
