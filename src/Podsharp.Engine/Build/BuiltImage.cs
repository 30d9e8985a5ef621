using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Makes the record of an image out of what a stage has come to.</summary>
internal static class BuiltImage
{
    /// <summary>The record.</summary>
    /// <param name="state">What the stage has come to.</param>
    /// <param name="request">How the image is wanted.</param>
    /// <param name="names">The names to give.</param>
    /// <param name="keys">What later builds find it by, the proper one first.</param>
    /// <param name="created">When it was made.</param>
    internal static ImageCommit ToCommit(StageState state, ImageBuildRequest request, IReadOnlyList<string> names, IReadOnlyList<string> keys, DateTimeOffset created)
    {
        var isDocker = request.Format == ImageFormat.Docker;
        var file = new ImageConfigFile
        {
            Created = created,
            Author = state.Author,
            Architecture = state.Architecture,
            Variant = state.Variant,
            Os = state.Os,
            OsVersion = request.OsVersion ?? state.OsVersion,
            OsFeatures = request.OsFeatures.Count > 0 ? request.OsFeatures : state.OsFeatures,
            // OCI's form has no place for these (image-spec config.md).
            Config = isDocker ? state.Section : state.Section with { Healthcheck = null, OnBuild = null, Shell = null },
            Rootfs = new RootFileSystem { DiffIds = [.. state.Layers.Select(layer => layer.DiffId)] },
            History = request.OmitHistory ? null : state.History,
        };
        var config = isDocker ? DockerConfigJson.Write(file, new DockerOrigin("", state.Section, state.BaseName, state.BaseId ?? "")) : ImageJson.Write(file);
        var digest = ContentDigest.Of(config);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in state.Annotations)
            annotations[name] = value;
        if (!isDocker)
        {
            if (request.CreatedAnnotation)
                annotations["org.opencontainers.image.created"] = RecordEditor.Time(created);
            if (state.BaseDigest is { } baseDigest)
            {
                annotations["org.opencontainers.image.base.digest"] = baseDigest;
                annotations["org.opencontainers.image.base.name"] = state.BaseName;
            }
        }
        foreach (var name in request.RemoveAnnotations)
            annotations.Remove(name);
        foreach (var (name, value) in request.Annotations)
            annotations[name] = value;
        var manifest = ImageManifestJson.Write(request.Format, new Descriptor { Digest = digest.ToString(), Size = config.Length },
            [.. state.Layers.Select(layer => new Descriptor { MediaType = MediaTypes.Layer(request.Format, LayerCompression.None), Digest = layer.DiffId, Size = layer.Size })],
            annotations);
        var commit = ImageCommits.Create([(ContentDigest.Of(manifest), manifest)], digest, config, file, state.TopLayer, names);
        return commit with { BigData = [.. commit.BigData, .. keys.Select(key => BuildCache.Item(key, keys[0]))] };
    }
}
