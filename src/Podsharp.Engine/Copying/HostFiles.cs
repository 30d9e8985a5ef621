using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Copying;

/// <summary>The files of this host as archives.</summary>
/// <param name="owner">Who owns what is unpacked: the caller.</param>
internal sealed class HostFiles((uint UserId, uint GroupId) owner) : IHostFiles
{
    public Task<FilePathStatus> StatAsync(string path, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var errno = Files.TryStatus(Files.Absolute, path, followLink: true, out var status);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            return new FilePathStatus { Path = path };
        LinuxError.Check(errno, "read the status of", path);
        return FileStatuses.Of(path, status);
    }, cancellationToken);

    public Task ReadAsync(string path, string entryName, Stream archive, CancellationToken cancellationToken) => Task.Factory.StartNew(() =>
    {
        using var file = Files.Open(path, OpenFlags.Path);
        var writer = new TarWriter(archive);
        new TreeArchiver(writer, cancellationToken).AddOpened(file, Encoding.UTF8.GetBytes(entryName));
        writer.Finish();
    }, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    public async Task WriteAsync(string directory, Stream archive, FileUnpackOptions options, CancellationToken cancellationToken)
    {
        // What the archive itself links to is looked for in the directory, not on the host.
        using var root = Files.Open(directory, OpenFlags.Directory);
        using var extractor = new TreeExtractor(root, [], new ExtractOptions
        {
            Owner = options.TakeOwnership ? owner : null,
            Overwrite = options.Overwrite,
            SkipDevices = true,
        });
        await ArchiveInput.RunAsync(archive, extractor.Extract, cancellationToken);
    }
}
