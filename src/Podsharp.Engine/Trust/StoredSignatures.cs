using System.Text.Json;
using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Trust;

/// <summary>Signatures in the store: one after the other in a data item, their sizes in the image's metadata (containers/image, storage transport).</summary>
internal static class StoredSignatures
{
    private const string Latest = "signatures";
    private const string LatestSizes = "signature-sizes";
    private const string Sizes = "signatures-sizes";

    /// <summary>Adds an image's signatures to what is recorded.</summary>
    /// <param name="commit">The record.</param>
    /// <param name="manifest">Digest of the manifest that is signed.</param>
    /// <param name="signatures">Its signatures.</param>
    internal static ImageCommit AddTo(ImageCommit commit, ContentDigest manifest, IReadOnlyList<ImageSignature> signatures)
    {
        if (signatures.Count == 0)
            return commit;
        var blobs = signatures.Select(signature => signature.ToBlob()).ToList();
        var all = blobs.SelectMany(blob => blob).ToArray();
        var sizes = string.Join(',', blobs.Select(blob => blob.Length));
        return commit with
        {
            BigData = [.. commit.BigData, new(Latest, all), new(KeyOf(manifest), all)],
            Metadata = $$$"""{"{{{LatestSizes}}}":[{{{sizes}}}],"{{{Sizes}}}":{"{{{manifest}}}":[{{{sizes}}}]}}""",
        };
    }

    /// <summary>The signatures that the store has for a manifest of an image.</summary>
    internal static IReadOnlyList<ImageSignature> Read(StoredImage image, ContentDigest manifest)
    {
        var found = new List<ImageSignature>();
        var key = KeyOf(manifest);
        if (!image.BigDataNames.Contains(key) || image.Metadata is not { Length: > 0 } metadata)
            return found;
        try
        {
            using var document = JsonDocument.Parse(metadata);
            if (!document.RootElement.TryGetProperty(Sizes, out var all) || !all.TryGetProperty(manifest.ToString(), out var sizes))
                return found;
            var rest = ImageStore.ReadData(image, key).AsSpan();
            foreach (var size in sizes.EnumerateArray().Select(size => size.GetInt32()))
            {
                found.Add(ImageSignature.FromBlob(rest[..size].ToArray()));
                rest = rest[size..];
            }
            return found;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentOutOfRangeException or FormatException)
        {
            throw new Model.ContainerEngineException(Model.ErrorKind.DataCorrupt, "ImageDataCorrupt", $"the signatures of image {image.Id[..12]} are damaged", image.Id,
                "remove and pull the image again", error);
        }
    }

    private static string KeyOf(ContentDigest manifest) => $"signature-{manifest.Hex}";
}
