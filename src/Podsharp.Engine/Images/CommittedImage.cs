using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>The configuration and manifest of an image that was made of a container.</summary>
internal sealed record CommittedImage
{
    /// <summary>The configuration of the container's image.</summary>
    public required ImageConfigFile Base { get; init; }

    /// <summary>The name of the container's image, for the history.</summary>
    public required string BaseName { get; init; }

    /// <summary>The id of the container's image.</summary>
    public required string BaseId { get; init; }

    /// <summary>The container.</summary>
    public required string ContainerId { get; init; }

    /// <summary>What the container itself has got.</summary>
    public required ImageConfigSection ContainerSection { get; init; }

    /// <summary>What a container made of the image gets.</summary>
    public required ImageConfigSection Section { get; init; }

    /// <summary>What was asked for.</summary>
    public required ContainerCommitRequest Request { get; init; }

    /// <summary>The layers, lowest first: DiffIDs and bytes of the plain tars.</summary>
    public required IReadOnlyList<(string DiffId, long Size)> Layers { get; init; }

    /// <summary>When it is made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The record for the store.</summary>
    /// <param name="topLayer">The id of the uppermost layer.</param>
    /// <param name="names">The names to give.</param>
    internal ImageCommit ToCommit(string topLayer, IReadOnlyList<string> names)
    {
        var file = ConfigFile();
        var config = Request.Format == ImageFormat.Docker ? DockerConfigJson.Write(file, new(ContainerId, ContainerSection, BaseName, BaseId)) : ImageJson.Write(file);
        var configDigest = ContentDigest.Of(config);
        var manifest = ImageManifestJson.Write(Request.Format, new Descriptor { Digest = configDigest.ToString(), Size = config.Length },
            [.. Layers.Select(Describe)], new Dictionary<string, string> { ["org.opencontainers.image.created"] = RecordEditor.Time(Created) });
        return ImageCommits.Create([(ContentDigest.Of(manifest), manifest)], configDigest, config, file, topLayer, names);
    }

    private Descriptor Describe((string DiffId, long Size) layer) =>
        new() { MediaType = MediaTypes.Layer(Request.Format, LayerCompression.None), Digest = layer.DiffId, Size = layer.Size };

    private ImageConfigFile ConfigFile()
    {
        var author = Request.Author.Length > 0 ? Request.Author : Base.Author;
        // OCI's form has no place for a comment, a health check, a shell and what a build on top of it is to do (image-spec config.md).
        var isDocker = Request.Format == ImageFormat.Docker;
        return new()
        {
            Created = Created,
            Author = author,
            Architecture = Base.Architecture,
            Variant = Base.Variant,
            Os = Base.Os,
            Comment = isDocker && Request.Message.Length > 0 ? Request.Message : null,
            Config = isDocker ? Section : Section with { Healthcheck = null, OnBuild = null, Shell = null },
            Rootfs = new RootFileSystem { DiffIds = [.. Layers.Select(layer => layer.DiffId)] },
            History =
            [
                .. Request.Squash ? [] : Base.History ?? [],
                new HistoryRecord
                {
                    Created = Created,
                    CreatedBy = Section.Shell is { Count: > 0 } shell ? string.Join(' ', shell) : "/bin/sh",
                    Author = author,
                    Comment = "FROM " + BaseName,
                },
            ],
        };
    }
}
