using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>The files of a directory. Links are followed as long as they stay in it.</summary>
internal sealed class DirectoryFiles : ImageFiles
{
    private readonly SafeFileHandle _directory;
    private readonly string _path;

    private DirectoryFiles(SafeFileHandle directory, string path) => (_directory, _path) = (directory, path);

    /// <summary>Opens a directory.</summary>
    /// <exception cref="ContainerEngineException">NotFound: there is none (ImageDirectoryNotFound).</exception>
    internal static DirectoryFiles Open(string path)
    {
        var errno = Files.TryOpenAt(Files.Absolute, path, OpenFlags.Directory | OpenFlags.Path, 0, out var handle);
        return errno == Errno.None ? new DirectoryFiles(handle!, path)
            : throw new ContainerEngineException(ErrorKind.NotFound, "ImageDirectoryNotFound", $"the directory {path} can't be opened: {LinuxError.Describe(errno)}", path, "correct the path");
    }

    /// <inheritdoc/>
    protected override FilePart? Find(string name)
    {
        var errno = Files.TryOpenConfined(_directory, name, OpenFlags.ReadOnly, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, 0, out var handle);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
        {
            return null;
        }
        if (errno != Errno.None)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArchiveCorrupt", $"the file {name} of {_path} can't be opened: {LinuxError.Describe(errno)}", name,
                "replace it by the file that is meant");
        }
        var status = Files.Status(handle!);
        if (status.IsRegular)
        {
            return new FilePart(handle!, 0, status.Size, isOwner: true);
        }
        handle!.Dispose();
        throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArchiveCorrupt", $"{name} of {_path} is no file", name);
    }

    /// <inheritdoc/>
    public override void Dispose() => _directory.Dispose();
}
