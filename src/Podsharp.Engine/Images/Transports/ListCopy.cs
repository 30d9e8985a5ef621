using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Copies what a name stands for: an image, one image of a list, or a list with all that it names.</summary>
/// <param name="origin">Where it is.</param>
/// <param name="target">Where it goes.</param>
/// <param name="form">What may change.</param>
/// <param name="lists">What of a list is copied.</param>
/// <param name="platform">The platform whose image is taken of a list.</param>
/// <param name="report">Told how far it is.</param>
/// <param name="parallelCopies">Layers at a time; 0 for the usual number.</param>
internal sealed class ListCopy(ImageOrigin origin, ImageTarget target, CopyForm form, ImageListCopy lists, ImagePlatform platform, CopyReport report, long parallelCopies)
{
    private const int DeepestIndex = 4;

    /// <summary>Images copied so far.</summary>
    internal int Images { get; private set; }

    /// <summary>Signatures are left behind, rather than refused where they can't be kept.</summary>
    internal bool DropSignatures { get; init; }

    /// <summary>Copies it.</summary>
    /// <returns>The manifest that the target's name stands for now.</returns>
    internal async Task<CopiedManifest> RunAsync(ManifestAnswer answer, CancellationToken cancellationToken)
    {
        var index = ImageManifest.Parse(answer.Bytes, answer.ContentType, origin.Name);
        if (index.IsIndex && lists == ImageListCopy.System)
        {
            answer = await ChooseAsync(answer, index, cancellationToken);
        }
        else if (index.IsIndex)
        {
            return target.TakesLists ? await CopyListAsync(index, 1, isTop: true, cancellationToken)
                : throw EngineErrors.Unsupported($"{target.Name} takes no list of images", target.Name, "copy the image of one platform");
        }
        return await CopyImageAsync(answer, index.IsIndex, isTop: true, cancellationToken);
    }

    private async Task<ManifestAnswer> ChooseAsync(ManifestAnswer answer, ImageManifest index, CancellationToken cancellationToken)
    {
        for (var depth = 0; index.IsIndex; depth++)
        {
            if (depth == DeepestIndex)
            {
                throw TooDeep();
            }
            var chosen = ContentDigest.Parse(PlatformChoice.Choose(index, platform, origin.Name).Digest, $"the index of {origin.Name}");
            answer = await origin.ReadManifestAsync(chosen, cancellationToken);
            index = ImageManifest.Parse(answer.Bytes, answer.ContentType, origin.Name);
        }
        return answer;
    }

    private async Task<CopiedManifest> CopyListAsync(ImageManifest index, int depth, bool isTop, CancellationToken cancellationToken)
    {
        if (isTop)
        {
            await origin.CheckAsync(index.Bytes, null, cancellationToken);
        }
        var copied = new Dictionary<string, CopiedManifest>(StringComparer.Ordinal);
        if (lists == ImageListCopy.All)
        {
            foreach (var entry in (index.Manifests ?? []).DistinctBy(entry => entry.Digest))
            {
                copied.Add(entry.Digest, await CopyEntryAsync(entry, depth, cancellationToken));
            }
        }
        report.Step(ImageCopyStage.List);
        var rewritten = IndexRewrite.Apply(index, copied, FormatOf(index, copied));
        if (form.KeepDigests && !rewritten.Bytes.AsSpan().SequenceEqual(index.Bytes))
        {
            throw EngineErrors.Unsupported($"the list {origin.Name} would get another digest at {target.Name}", origin.Name, "copy it without keeping digests");
        }
        await target.PutManifestAsync(rewritten.Bytes, rewritten.Type, isTop, cancellationToken);
        await CopySignaturesAsync(isTop ? null : ContentDigest.Of(index.Bytes), ContentDigest.Of(index.Bytes), rewritten, isTop, cancellationToken);
        return rewritten;
    }

    // Docker's lists name Docker's manifests only.
    private ImageFormat FormatOf(ImageManifest index, Dictionary<string, CopiedManifest> copied) => form.Format
        ?? (copied.Values.Any(manifest => MediaTypes.FormatOf(manifest.Type) == ImageFormat.Oci) ? ImageFormat.Oci : MediaTypes.FormatOf(index.Type));

    private async Task<CopiedManifest> CopyEntryAsync(Descriptor entry, int depth, CancellationToken cancellationToken)
    {
        var answer = await origin.ReadManifestAsync(ContentDigest.Parse(entry.Digest, $"the index of {origin.Name}"), cancellationToken);
        var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, origin.Name);
        if (manifest.IsIndex)
        {
            return depth < DeepestIndex ? await CopyListAsync(manifest, depth + 1, isTop: false, cancellationToken) : throw TooDeep();
        }
        report.Step(ImageCopyStage.Image, entry.Platform is { } platform ? $"{entry.Digest} ({new ImagePlatform(platform.Os, platform.Architecture, platform.Variant ?? "")})" : entry.Digest);
        return await CopyImageAsync(answer, isNamedByList: true, isTop: false, cancellationToken);
    }

    private async Task<CopiedManifest> CopyImageAsync(ManifestAnswer answer, bool isNamedByList, bool isTop, CancellationToken cancellationToken)
    {
        await origin.CheckAsync(answer.Bytes, isNamedByList ? answer.Digest : null, cancellationToken);
        var copied = await new InstanceCopy(origin, target, form, report, parallelCopies).RunAsync(answer, isTop, cancellationToken);
        await CopySignaturesAsync(isNamedByList ? answer.Digest : null, answer.Digest, copied, isTop, cancellationToken);
        Images++;
        return copied;
    }

    private async Task CopySignaturesAsync(ContentDigest? listed, ContentDigest original, CopiedManifest copied, bool isTop, CancellationToken cancellationToken)
    {
        if (DropSignatures || await origin.ReadSignaturesAsync(listed, cancellationToken) is not { Count: > 0 } signatures)
        {
            return;
        }
        if (!target.TakesSignatures || copied.Digest != original)
        {
            throw EngineErrors.Unsupported(copied.Digest == original ? $"{target.Name} takes no signatures, and {origin.Name} has some"
                : $"{origin.Name} has signatures, which don't hold for the manifest that it gets at {target.Name}", origin.Name, "leave them behind with --remove-signatures");
        }
        await target.PutSignaturesAsync(signatures, copied.Digest, isTop, cancellationToken);
    }

    private ContainerEngineException TooDeep() => new(ErrorKind.DataCorrupt, "InvalidManifest", $"the index of {origin.Name} leads through too many indexes", origin.Name);
}
