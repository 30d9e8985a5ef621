using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Volumes;

/// <summary>What is in volumes, into and out of archives. Containers may be at work there meanwhile, as under podman.</summary>
internal sealed class VolumeContents(EngineParts parts)
{
    /// <summary>Writes a volume's content as a tar.</summary>
    internal void Export(string name, Stream target, CancellationToken cancellationToken)
    {
        name = parts.Volumes.Get(name).Name;
        using var directory = Files.Open(parts.VolumeMounts.Acquire(name, VolumeMounts.People, cancellationToken), OpenFlags.Directory);
        try
        {
            var writer = new TarWriter(target);
            new TreeArchiver(writer, cancellationToken).AddContent(directory, []);
            writer.Finish();
        }
        finally
        {
            parts.VolumeMounts.Release(name, VolumeMounts.People, CancellationToken.None);
        }
    }

    /// <summary>Unpacks an archive into a volume.</summary>
    internal async Task ImportAsync(string name, Stream archive, CancellationToken cancellationToken)
    {
        name = parts.Volumes.Get(name).Name;
        using var directory = Files.Open(parts.VolumeMounts.Acquire(name, VolumeMounts.People, cancellationToken), OpenFlags.Directory);
        try
        {
            using var extractor = new TreeExtractor(directory, [], new ExtractOptions { Overwrite = true });
            await ArchiveInput.RunAsync(archive, extractor.Extract, cancellationToken);
        }
        finally
        {
            parts.VolumeMounts.Release(name, VolumeMounts.People, CancellationToken.None);
        }
    }
}
