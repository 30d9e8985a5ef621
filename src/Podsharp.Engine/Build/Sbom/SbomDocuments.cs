using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Sbom;

/// <summary>Puts bills of materials together by buildah's rules: what comes later adds what isn't there yet; everything else is the first one's.</summary>
internal static class SbomDocuments
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes one of several.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: one isn't of that form.</exception>
    internal static SbomResult Merge(SbomMerge merge, IReadOnlyList<byte[]> documents)
    {
        if (merge == SbomMerge.Concatenate)
            return new(documents.SelectMany(document => document).ToArray(), Packages([]));
        var roots = documents.Select(Parse).ToList();
        var addresses = new SortedSet<string>(StringComparer.Ordinal);
        var list = merge == SbomMerge.CycloneDx ? "components" : "packages";
        var version = merge == SbomMerge.CycloneDx ? "version" : "versionInfo";
        foreach (var root in roots)
        {
            foreach (var item in Items(root, list))
            {
                if ((merge == SbomMerge.CycloneDx ? Text(item, "purl") : PackageAddress(item)) is { Length: > 0 } address)
                    addresses.Add(address);
            }
        }
        foreach (var later in roots.Skip(1))
        {
            Add(roots[0], later, list, item => Text(item, "name") is { } name ? $"{name}@{Text(item, version)}" : throw Corrupt($"an entry of \"{list}\" has no name", null));
            if (merge == SbomMerge.Spdx)
                Add(roots[0], later, "hasExtractedLicensingInfos", item => Text(item, "licenseId") ?? throw Corrupt("a license has no licenseId", null));
        }
        return new(Write(roots[0]), Packages(addresses));
    }

    private static void Add(JsonObject first, JsonObject later, string list, Func<JsonObject, string> keyOf)
    {
        var known = Items(first, list).Select(keyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var item in Items(later, list))
        {
            if (!known.Add(keyOf(item)))
                continue;
            if (first[list] is not JsonArray array)
                first[list] = array = [];
            array.Add((JsonNode?)item.DeepClone());
        }
    }

    private static IEnumerable<JsonObject> Items(JsonObject document, string list) =>
        document[list] is JsonArray array ? array.Select(item => item as JsonObject ?? throw Corrupt($"an entry of \"{list}\" is no object", null)) : [];

    // SPDX names a package's address among its references.
    private static string? PackageAddress(JsonObject package) => package["externalRefs"] is not JsonArray references ? null
        : references.OfType<JsonObject>().Where(reference => Text(reference, "referenceCategory") == "PACKAGE-MANAGER" && Text(reference, "referenceType") == "purl")
            .Select(reference => Text(reference, "referenceLocator")).LastOrDefault();

    private static string? Text(JsonObject item, string name) => item[name] is not { } value ? null
        : value.GetValueKind() == JsonValueKind.String ? (string?)value : throw Corrupt($"\"{name}\" is no text", null);

    private static JsonObject Parse(byte[] document)
    {
        try
        {
            return JsonNode.Parse(document) as JsonObject ?? throw Corrupt("it is no object", null);
        }
        catch (JsonException error)
        {
            throw Corrupt(error.Message, error);
        }
    }

    private static byte[] Packages(IReadOnlyCollection<string> addresses)
    {
        var contents = new JsonObject();
        if (addresses.Count > 0)
            contents["dependencies"] = new JsonArray([.. addresses.Select(address => (JsonNode?)JsonValue.Create(address))]);
        return Write(new JsonObject { ["image_contents"] = contents });
    }

    private static byte[] Write(JsonObject document)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
            document.WriteTo(json);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static ContainerEngineException Corrupt(string why, Exception? cause) => new(ErrorKind.DataCorrupt, "InvalidSbom", $"a scan of the image can't be merged: {why}", null,
        "choose the merge strategy that belongs to what the scanner writes", cause);
}
