using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Images;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Checkpoints as images: one layer with the members of the archive, and annotations that say what it is of, as podman has them
/// (libpod/define/annotations.go).</summary>
internal sealed class CheckpointImages(EngineParts parts)
{
    private const string Annotation = "io.podman.annotations.checkpoint.";
    private const string Unknown = "unknown";
    private const int BlocksInFlight = 8;

    /// <summary>Whether an image is one.</summary>
    internal bool Is(StoredImage image) => parts.Images.ReadManifest(image)?.Annotations?.ContainsKey(Annotation + "name") == true;

    /// <summary>Makes an image of a container's checkpoint.</summary>
    /// <param name="record">The container; it is checkpointed, and mounted still.</param>
    /// <param name="request">How it was checkpointed.</param>
    /// <param name="name">The image's full name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal StoredImage Create(ContainerRecord record, ContainerCheckpointRequest request, string name, CancellationToken cancellationToken)
    {
        using var staging = parts.Storage.BeginLayer();
        TreeCapture.Run(staging, (tar, stop) => parts.CheckpointExporter.Write(record, request, tar, stop), cancellationToken);
        var platform = PlatformChoice.Complete(null);
        var file = new ImageConfigFile
        {
            Created = DateTimeOffset.UtcNow,
            Architecture = platform.Architecture,
            Variant = platform.Variant.Length > 0 ? platform.Variant : null,
            Os = platform.Os,
            Config = new(),
            Rootfs = new RootFileSystem { DiffIds = [staging.Result.DiffId] },
            History = [new HistoryRecord { Created = DateTimeOffset.UtcNow, CreatedBy = "podsharp container checkpoint" }],
        };
        var config = ImageJson.Write(file);
        var digest = ContentDigest.Of(config);
        var manifest = ImageManifestJson.Write(ImageFormat.Oci, new Descriptor { Digest = digest.ToString(), Size = config.Length },
            [new Descriptor { MediaType = MediaTypes.Layer(ImageFormat.Oci, LayerCompression.None), Digest = staging.Result.DiffId, Size = staging.Result.DiffSize }], Annotations(record));
        return parts.Storage.CommitImage([(staging, new LayerCommit())],
            ImageCommits.Create([(ContentDigest.Of(manifest), manifest)], digest, config, file, ContainerStorage.ComputeLayerId(null, staging.Result.DiffId), [name]));
    }

    /// <summary>Unpacks the checkpoint in an image: by way of an archive's stream, so that the same rules hold.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt.</exception>
    internal UnpackedCheckpoint Unpack(StoredImage image, Stream? previous, CancellationToken cancellationToken)
    {
        using var root = parts.Storage.OpenLayerPrivately(image.TopLayerId ?? throw TarError.Damaged("the image has no layer"));
        using var steps = new StepGroup(cancellationToken);
        using var pipe = new BlockPipe(BlocksInFlight, steps.Stopped);
        steps.StartThread(() =>
        {
            var writer = new TarWriter(new BlockPipeWriter(pipe));
            new TreeArchiver(writer, steps.Stopped).AddContent(root.Handle, []);
            writer.Finish();
            pipe.Complete();
        });
        UnpackedCheckpoint? unpacked = null;
        steps.StartThread(() => unpacked = UnpackedCheckpoint.Unpack(parts.Storage.BeginFiles(), new BlockPipeStream(pipe), previous, steps.Stopped));
        try
        {
            steps.WaitAsync().GetAwaiter().GetResult();
        }
        catch
        {
            unpacked?.Dispose();
            throw;
        }
        return unpacked!;
    }

    private Dictionary<string, string> Annotations(ContainerRecord record)
    {
        var annotations = new Dictionary<string, string>
        {
            [Annotation + "name"] = record.Name,
            [Annotation + "rawImageName"] = record.Config.Spec.Image,
            [Annotation + "rootfsImageID"] = record.Config.ImageId,
            [Annotation + "rootfsImageName"] = record.Config.ImageName,
            [Annotation + "runtime.name"] = record.Config.RuntimeName,
            [Annotation + "runtime.version"] = OciRuntime.Version(record.Config.RuntimePath),
            [Annotation + "conmon.version"] = OciRuntime.Version(parts.Components.Conmon),
            [Annotation + "host.arch"] = parts.Host.Architecture,
            [Annotation + "host.kernel"] = parts.Host.KernelRelease,
            [Annotation + "cgroups.version"] = parts.Host.Cgroups.Mode == CgroupMode.V2 ? "v2" : "v1",
            [Annotation + "distribution.name"] = EngineInformation.OsRelease("ID") ?? Unknown,
            [Annotation + "distribution.version"] = EngineInformation.OsRelease("VERSION_ID") ?? Unknown,
        };
        if (CriuVersion() is { } version)
            annotations[Annotation + "criu.version"] = version;
        return annotations;
    }

    // "Version: 4.2" or "4.1.1" is 40200 or 40101, as CRIU itself counts.
    private string? CriuVersion()
    {
        if (parts.Components.FindHelper("criu") is not { } criu)
            return null;
        var numbers = OciRuntime.Version(criu).Split(' ')[^1].Split('.');
        int Part(int index) => index < numbers.Length && int.TryParse(numbers[index], CultureInfo.InvariantCulture, out var number) ? number : 0;
        return ((Part(0) * 10000) + (Part(1) * 100) + Part(2)).ToString(CultureInfo.InvariantCulture);
    }
}
