using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>A layer being unpacked, unlocked and outside the list of layers. Disposing it after the commit clears away what is left;
/// before, it throws the layer away.</summary>
internal sealed class LayerStaging : IDisposable
{
    private readonly StorageConfiguration configuration;
    private readonly StagingDirectory tree;
    private readonly StagingDirectory tarSplit;
    private UnpackResult? result;

    internal LayerStaging(StorageConfiguration configuration)
    {
        this.configuration = configuration;
        // Two places, since the driver's directory may be a mount of its own, over whose edge nothing can be renamed.
        tree = StagingDirectory.Create(configuration.DriverRoot + "/tempdirs");
        try
        {
            tarSplit = StagingDirectory.Create(configuration.GraphRoot + "/overlay-layers/tmp");
        }
        catch
        {
            tree.Dispose();
            throw;
        }
        LayerPath = tree.NewPath("addition");
        TarSplitPath = tarSplit.NewPath("addition");
    }

    /// <summary>The future layer directory; its "diff" is the root of the tree.</summary>
    internal string LayerPath { get; }

    /// <summary>The future tar-split file.</summary>
    internal string TarSplitPath { get; }

    /// <summary>What unpacking found.</summary>
    internal UnpackResult Result => result ?? throw new InvalidOperationException("the layer has not been unpacked");

    /// <summary>Unpacks an uncompressed tar in one pass: digest, tar-split and files. Synchronous: it reads the stream on a thread
    /// of its own and blocks the caller's; call it from a thread that may be blocked.</summary>
    /// <param name="tar">The uncompressed tar, read to its end.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">The archive is damaged, hostile or has what can't be stored; or writing failed.</exception>
    internal UnpackResult Unpack(Stream tar, CancellationToken cancellationToken)
    {
        StepPoints.Reach("storage.staging.made");
        Files.MakeDirectory(LayerPath, 0x1C0 /* 0700 */);
        Files.MakeDirectory(LayerPath + "/diff", 0x16D /* 0555 */);
        result = LayerUnpacker.Unpack(tar, LayerPath + "/diff", TarSplitPath, configuration, cancellationToken);
        if (configuration.SyncFileSystem)
        {
            using var directory = Files.Open(LayerPath, OpenFlags.Directory);
            Files.SyncFileSystem(directory);
        }
        StepPoints.Reach("storage.staging.unpacked");
        return result;
    }

    /// <summary>The tar that was unpacked, rebuilt. Until the layer is recorded.</summary>
    internal Stream OpenTar() => TarSplitStream.Open(TarSplitPath, LayerPath + "/diff");

    /// <inheritdoc/>
    public void Dispose()
    {
        tree.Dispose();
        tarSplit.Dispose();
    }
}
