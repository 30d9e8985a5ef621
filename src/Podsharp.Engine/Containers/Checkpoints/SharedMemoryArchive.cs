using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>The content of a container's /dev/shm, which is a mount of the host's and so no part of CRIU's images.</summary>
internal static class SharedMemoryArchive
{
    /// <summary>Writes it to a file.</summary>
    internal static void Save(string directory, string archive)
    {
        using var source = Files.Open(directory, OpenFlags.Directory);
        using var target = new FileStream(archive, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var writer = new TarWriter(target);
        new TreeArchiver(writer, CancellationToken.None).AddContent(source, []);
        writer.Finish();
    }

    /// <summary>Brings it back.</summary>
    internal static void Load(string archive, string directory, CancellationToken cancellationToken)
    {
        if (!File.Exists(archive))
            return;
        using var target = Files.Open(directory, OpenFlags.Directory);
        using var extractor = new TreeExtractor(target, [], new ExtractOptions { Overwrite = true });
        using var source = File.OpenRead(archive);
        ArchiveInput.RunAsync(source, extractor.Extract, cancellationToken).GetAwaiter().GetResult();
    }
}
