using System.Globalization;
using System.Net;
using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>The signatures of a repository's images: files beside the registry (the lookaside), and sigstore's attachments in it.</summary>
/// <param name="client">The registry.</param>
/// <param name="place">An image of the repository, where it really is.</param>
/// <param name="directory">Where the signatures are.</param>
internal sealed class RegistrySignatures(RegistryClient client, ImageReference place, RegistriesDirectory directory)
{
    private const int MostFiles = 128;
    private const int LargestSignature = 4 * 1024 * 1024;
    private const uint Readable = 0x1A4; // 0644
    private const uint ReadableDirectory = 0x1ED; // 0755

    /// <summary>All signatures of a manifest, unverified.</summary>
    /// <exception cref="ContainerEngineException">What the registry raises; ConfigurationInvalid; a place of signatures can't be read.</exception>
    internal async Task<IReadOnlyList<ImageSignature>> ReadAsync(ContentDigest manifest, CancellationToken cancellationToken)
    {
        var found = new List<ImageSignature>();
        var lookaside = directory.Lookaside(place, write: false);
        while (found.Count < MostFiles && await ReadFileAsync(FileAddress(lookaside, manifest, found.Count), cancellationToken) is { } blob)
            found.Add(ImageSignature.FromBlob(blob));
        if (directory.UsesAttachments(place))
            found.AddRange((await AttachmentsAsync(manifest, cancellationToken)).Signatures);
        return found;
    }

    /// <summary>Checks that signatures of these kinds can be written, before anything else is.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: they have no place, and what to write in registries.d.</exception>
    internal void CheckWritable(bool simple, bool sigstore)
    {
        if (simple && directory.Lookaside(place, write: true) is { IsFile: false } address)
            throw EngineErrors.Unsupported($"signatures of {place.Repository} can't be written to {address}", place.ToString(), "name a directory with lookaside-staging in registries.d");
        if (sigstore && !directory.UsesAttachments(place))
            throw EngineErrors.Unsupported($"sigstore signatures are not attached to images of {place.Repository}", place.ToString(),
                $"allow it in /etc/containers/registries.d: docker: {{{place.Repository}: {{use-sigstore-attachments: true}}}}");
    }

    /// <summary>Adds signatures to a manifest; those that it has stay, the same is not added twice.</summary>
    /// <param name="writer">Writes to the repository.</param>
    /// <param name="manifest">The manifest's digest.</param>
    /// <param name="signatures">The signatures.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">What the registry raises; Unsupported, as <see cref="CheckWritable"/>; the directory can't be written.</exception>
    internal async Task AddAsync(RegistryWriter writer, ContentDigest manifest, IReadOnlyList<ImageSignature> signatures, CancellationToken cancellationToken)
    {
        var (simple, sigstore) = (signatures.OfType<SimpleSignature>().ToList(), signatures.OfType<SigstoreSignature>().ToList());
        CheckWritable(simple.Count > 0, sigstore.Count > 0);
        if (simple.Count > 0)
            AddFiles(FileAddress(directory.Lookaside(place, write: true), manifest, 0).LocalPath, simple);
        if (sigstore.Count > 0)
            await AttachAsync(writer, manifest, sigstore, cancellationToken);
    }

    /// <summary>Adds simple signatures as files <c>signature-N</c>.</summary>
    /// <param name="first">The first file's path.</param>
    /// <param name="signatures">The signatures.</param>
    internal static void AddFiles(string first, IReadOnlyList<SimpleSignature> signatures)
    {
        var folder = Path.GetDirectoryName(first)!;
        try
        {
            Files.MakeDirectories(folder, ReadableDirectory);
            var known = new List<byte[]>();
            for (; File.Exists(PathOf(known.Count)); )
                known.Add(File.ReadAllBytes(PathOf(known.Count)));
            foreach (var signature in signatures.Where(one => !known.Any(other => other.AsSpan().SequenceEqual(one.Content))))
            {
                Files.Replace(PathOf(known.Count), signature.Content, Readable, durable: false);
                known.Add(signature.Content);
            }
        }
        catch (Exception error) when (error is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "SignatureNotWritten", $"the signature can't be written to {folder}: {error.Message}", folder,
                "name another directory with lookaside-staging in registries.d", error);
        }

        string PathOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{folder}/signature-{index + 1}");
    }

    /// <summary>The file of a manifest's signature (containers/image, "signature-protocols").</summary>
    internal static Uri FileAddress(Uri lookaside, ContentDigest manifest, int index) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{lookaside.AbsoluteUri}@{manifest.Algorithm}={manifest.Hex}/signature-{index + 1}"));

    private async Task<byte[]?> ReadFileAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            if (address.IsFile)
                return File.Exists(address.LocalPath) && new FileInfo(address.LocalPath).Length <= LargestSignature ? await File.ReadAllBytesAsync(address.LocalPath, cancellationToken) : null;
            using var response = await client.GetForeignAsync(address, 0, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await LimitedBody.ReadAsync(response, LargestSignature, $"the signature {address}", cancellationToken),
                HttpStatusCode.NotFound => null,
                var code => throw new HttpRequestException($"it answers {(int)code}"),
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.Network, "SignaturesUnreadable", $"the signatures of {place.Repository} can't be read from {address}: {error.Message}",
                place.ToString(), "see lookaside in registries.d", error);
        }
    }

    /// <summary>The tag under which sigstore's programs attach signatures to a manifest.</summary>
    private static string AttachmentTag(ContentDigest manifest) => $"{manifest.Algorithm}-{manifest.Hex}.sig";

    private async Task<(IReadOnlyList<Descriptor> Layers, IReadOnlyList<SigstoreSignature> Signatures)> AttachmentsAsync(ContentDigest manifest, CancellationToken cancellationToken)
    {
        ManifestAnswer answer;
        try
        {
            answer = await client.GetManifestAsync(place.Path, AttachmentTag(manifest), cancellationToken);
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound)
        {
            return ([], []);
        }
        var layers = ImageManifest.Parse(answer.Bytes, answer.ContentType, $"{place.Repository}:{AttachmentTag(manifest)}").Layers ?? [];
        var found = new List<SigstoreSignature>();
        foreach (var layer in layers)
            found.Add(new SigstoreSignature(layer.MediaType, await ReadPayloadAsync(layer, cancellationToken), layer.Annotations ?? []));
        return (layers, found);
    }

    private async Task<byte[]> ReadPayloadAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        var digest = ContentDigest.Parse(descriptor.Digest, $"the signatures of {place.Repository}");
        if (descriptor.Size is < 0 or > LargestSignature)
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"a signature of {place.Repository} has an impossible size", place.ToString());
        await using var download = client.OpenBlob(place.Path, descriptor);
        var bytes = new byte[descriptor.Size];
        var count = 0;
        for (int read; count < bytes.Length && (read = await download.ReadAsync(bytes.AsMemory(count), cancellationToken)) > 0;)
            count += read;
        return digest.Same(bytes) == digest ? bytes : throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch",
            $"a signature of {place.Repository} does not have the digest {digest}", place.ToString(), "the registry's copy is damaged");
    }

    private async Task AttachAsync(RegistryWriter writer, ContentDigest manifest, IReadOnlyList<SigstoreSignature> signatures, CancellationToken cancellationToken)
    {
        var (known, attached) = await AttachmentsAsync(manifest, cancellationToken);
        var layers = known.ToList();
        foreach (var signature in signatures.Where(one => !attached.Any(one.IsSame)))
        {
            var digest = ContentDigest.Of(signature.Payload);
            await UploadAsync(writer, signature.Payload, digest, cancellationToken);
            layers.Add(new Descriptor { MediaType = signature.MediaType, Digest = digest.ToString(), Size = signature.Payload.Length, Annotations = new(signature.Annotations) });
        }
        if (layers.Count == known.Count)
            return;
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"","os":"","config":{},"rootfs":{"type":"layers","diff_ids":[{{{string.Join(',', layers.Select(layer => $"\"{layer.Digest}\""))}}}]}}""");
        var configDigest = ContentDigest.Of(config);
        await UploadAsync(writer, config, configDigest, cancellationToken);
        await writer.PutManifestAsync(AttachmentTag(manifest),
            ImageManifestJson.Write(ImageFormat.Oci, new Descriptor { Digest = configDigest.ToString(), Size = config.Length }, layers), MediaTypes.OciManifest, cancellationToken);
    }

    private static async Task UploadAsync(RegistryWriter writer, byte[] bytes, ContentDigest digest, CancellationToken cancellationToken)
    {
        if (await writer.FindBlobAsync(digest.ToString(), cancellationToken) is null)
            await writer.UploadAsync(bytes, digest, cancellationToken);
    }
}
