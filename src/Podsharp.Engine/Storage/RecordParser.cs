using System.Text.Json;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>Reads the JSON arrays of the store into records, keeping each record's own bytes.</summary>
internal static class RecordParser
{
    /// <summary>Makes a record of one JSON object.</summary>
    internal delegate T RecordReader<T>(ReadOnlyMemory<byte> raw, bool isVolatile);

    /// <summary>Reads an array; nothing, or an empty file, is an empty list.</summary>
    /// <exception cref="ContainerEngineException">The file isn't such an array (DataCorrupt).</exception>
    internal static List<T> ParseArray<T>(byte[]? json, string path, bool isVolatile, RecordReader<T> read)
    {
        var records = new List<T>();
        if (json is null || json.Length == 0)
            return records;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                return records;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                records.Add(read(json.AsMemory(start, (int)reader.BytesConsumed - start), isVolatile));
            }
            return records;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "StoreCorrupt", $"the store's file {path} is damaged", path,
                "restore it from a backup, or repair the store with podman system check --repair", error);
        }
    }

    internal static StoredLayer ParseLayer(ReadOnlyMemory<byte> raw, bool isVolatile, string storeRoot)
    {
        var layer = new LayerFields();
        var reader = Start(raw);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8)) layer.Id = Text(ref reader);
            else if (reader.ValueTextEquals("names"u8)) layer.Names = Texts(ref reader);
            else if (reader.ValueTextEquals("parent"u8)) layer.Parent = Text(ref reader);
            else if (reader.ValueTextEquals("mountlabel"u8)) layer.MountLabel = Text(ref reader);
            else if (reader.ValueTextEquals("created"u8)) layer.Created = Time(ref reader);
            else if (reader.ValueTextEquals("compressed-diff-digest"u8)) layer.CompressedDigest = Text(ref reader);
            else if (reader.ValueTextEquals("compressed-size"u8)) layer.CompressedSize = Number(ref reader);
            else if (reader.ValueTextEquals("diff-digest"u8)) layer.DiffDigest = Text(ref reader);
            else if (reader.ValueTextEquals("diff-size"u8)) layer.DiffSize = Number(ref reader);
            else if (reader.ValueTextEquals("toc-digest"u8)) layer.TocDigest = Text(ref reader);
            else if (reader.ValueTextEquals("compression"u8)) layer.Compression = (int)(Number(ref reader) ?? 0);
            else if (reader.ValueTextEquals("flags"u8)) (layer.Incomplete, layer.Condemned) = LayerFlags(ref reader);
            else if (reader.ValueTextEquals("uidmap"u8)) layer.UserMap = IdMap(ref reader);
            else if (reader.ValueTextEquals("gidmap"u8)) layer.GroupMap = IdMap(ref reader);
            else SkipValue(ref reader);
        }
        return new StoredLayer
        {
            Raw = raw,
            Id = layer.Id ?? throw new FormatException("a layer without id"),
            IsVolatile = isVolatile,
            Names = layer.Names,
            ParentId = NullIfEmpty(layer.Parent),
            MountLabel = NullIfEmpty(layer.MountLabel),
            Created = layer.Created,
            CompressedDigest = NullIfEmpty(layer.CompressedDigest),
            CompressedSize = layer.CompressedSize,
            DiffDigest = NullIfEmpty(layer.DiffDigest),
            DiffSize = layer.DiffSize,
            TocDigest = NullIfEmpty(layer.TocDigest),
            Compression = (LayerCompression)layer.Compression,
            IsIncomplete = layer.Incomplete,
            IsCondemned = layer.Condemned,
            UserMap = layer.UserMap,
            GroupMap = layer.GroupMap,
            StoreRoot = storeRoot,
        };
    }

    internal static StoredImage ParseImage(ReadOnlyMemory<byte> raw, string storeRoot, bool isReadOnly)
    {
        string? id = null, digest = null, layer = null, metadata = null;
        IReadOnlyList<string> names = [], history = [], mapped = [], keys = [];
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        var digests = new List<string>();
        DateTimeOffset created = default;
        var reader = Start(raw);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8)) id = Text(ref reader);
            else if (reader.ValueTextEquals("digest"u8)) digest = Text(ref reader);
            else if (reader.ValueTextEquals("names"u8)) names = Texts(ref reader);
            else if (reader.ValueTextEquals("names-history"u8)) history = Texts(ref reader);
            else if (reader.ValueTextEquals("layer"u8)) layer = Text(ref reader);
            else if (reader.ValueTextEquals("mapped-layers"u8)) mapped = Texts(ref reader);
            else if (reader.ValueTextEquals("metadata"u8)) metadata = Text(ref reader);
            else if (reader.ValueTextEquals("created"u8)) created = Time(ref reader);
            else if (reader.ValueTextEquals("big-data-names"u8)) keys = Texts(ref reader);
            else if (reader.ValueTextEquals("big-data-sizes"u8)) ReadSizes(ref reader, sizes);
            else if (reader.ValueTextEquals("big-data-digests"u8)) ReadManifestDigests(ref reader, digests);
            else SkipValue(ref reader);
        }
        if (!string.IsNullOrEmpty(digest) && !digests.Contains(digest))
            digests.Insert(0, digest);
        return new StoredImage
        {
            Raw = raw,
            Id = id ?? throw new FormatException("an image without id"),
            Names = names,
            NamesHistory = history,
            Digest = NullIfEmpty(digest) ?? digests.FirstOrDefault(),
            Digests = digests,
            TopLayerId = NullIfEmpty(layer),
            MappedLayerIds = mapped,
            Metadata = metadata,
            Created = created,
            BigDataNames = keys,
            BigDataSizes = sizes,
            StoreRoot = storeRoot,
            IsReadOnly = isReadOnly,
        };
    }

    internal static StoredContainer ParseContainer(ReadOnlyMemory<byte> raw, bool isVolatile)
    {
        string? id = null, image = null, layer = null, metadata = null;
        IReadOnlyList<string> names = [];
        IReadOnlyList<IdMapping> userMap = [], groupMap = [];
        DateTimeOffset created = default;
        var reader = Start(raw);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8)) id = Text(ref reader);
            else if (reader.ValueTextEquals("names"u8)) names = Texts(ref reader);
            else if (reader.ValueTextEquals("uidmap"u8)) userMap = IdMap(ref reader);
            else if (reader.ValueTextEquals("gidmap"u8)) groupMap = IdMap(ref reader);
            else if (reader.ValueTextEquals("image"u8)) image = Text(ref reader);
            else if (reader.ValueTextEquals("layer"u8)) layer = Text(ref reader);
            else if (reader.ValueTextEquals("metadata"u8)) metadata = Text(ref reader);
            else if (reader.ValueTextEquals("created"u8)) created = Time(ref reader);
            else SkipValue(ref reader);
        }
        return new StoredContainer
        {
            Raw = raw,
            Id = id ?? throw new FormatException("a container without id"),
            IsVolatile = isVolatile,
            Names = names,
            ImageId = NullIfEmpty(image),
            LayerId = layer ?? "",
            Metadata = metadata,
            UserMap = userMap,
            GroupMap = groupMap,
            Created = created,
        };
    }

    internal static MountCount ParseMountCount(ReadOnlyMemory<byte> raw)
    {
        string? id = null, path = null;
        long? count = null;
        var reader = Start(raw);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8)) id = Text(ref reader);
            else if (reader.ValueTextEquals("path"u8)) path = Text(ref reader);
            else if (reader.ValueTextEquals("count"u8)) count = Number(ref reader);
            else SkipValue(ref reader);
        }
        return new MountCount(id ?? "", path ?? "", (int)(count ?? 0));
    }

    private static Utf8JsonReader Start(ReadOnlyMemory<byte> raw)
    {
        var reader = new Utf8JsonReader(raw.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("not an object");
        return reader;
    }

    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void SkipValue(ref Utf8JsonReader reader) => reader.Skip();

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
    }

    private static DateTimeOffset Time(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time : default;
    }

    private static IReadOnlyList<string> Texts(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return [];
        var texts = new List<string>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(reader.GetString() ?? "");
        return texts;
    }

    private static IReadOnlyList<IdMapping> IdMap(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return [];
        var ranges = new List<IdMapping>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            uint inside = 0, outside = 0, count = 0;
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("container_id"u8)) inside = (uint)(Number(ref reader) ?? 0);
                else if (reader.ValueTextEquals("host_id"u8)) outside = (uint)(Number(ref reader) ?? 0);
                else if (reader.ValueTextEquals("size"u8)) count = (uint)(Number(ref reader) ?? 0);
                else SkipValue(ref reader);
            }
            ranges.Add(new IdMapping(inside, outside, count));
        }
        return ranges;
    }

    private static (bool Incomplete, bool Condemned) LayerFlags(ref Utf8JsonReader reader)
    {
        reader.Read();
        var (incomplete, condemned) = (false, false);
        if (reader.TokenType != JsonTokenType.StartObject)
            return (false, false);
        while (NextProperty(ref reader))
        {
            var isIncomplete = reader.ValueTextEquals(LayerFlag.Incomplete);
            var isCondemned = reader.ValueTextEquals(LayerFlag.Condemned);
            reader.Read();
            incomplete |= isIncomplete && reader.TokenType == JsonTokenType.True;
            condemned |= isCondemned && reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }
        return (incomplete, condemned);
    }

    private static void ReadSizes(ref Utf8JsonReader reader, Dictionary<string, long> sizes)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return;
        while (NextProperty(ref reader))
        {
            var key = reader.GetString()!;
            sizes[key] = Number(ref reader) ?? 0;
        }
    }

    // Whatever starts with "manifest" counts as a manifest, and its digest as one of the image's.
    private static void ReadManifestDigests(ref Utf8JsonReader reader, List<string> digests)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return;
        while (NextProperty(ref reader))
        {
            var isManifest = reader.GetString()!.StartsWith("manifest", StringComparison.Ordinal);
            if (Text(ref reader) is { Length: > 0 } digest && isManifest && !digests.Contains(digest))
                digests.Add(digest);
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private struct LayerFields()
    {
        public string? Id, Parent, MountLabel, CompressedDigest, DiffDigest, TocDigest;
        public IReadOnlyList<string> Names = [];
        public DateTimeOffset Created;
        public long? CompressedSize, DiffSize;
        public int Compression;
        public bool Incomplete, Condemned;
        public IReadOnlyList<IdMapping> UserMap = [], GroupMap = [];
    }
}
