using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>The files of a tar, at their places in it: nothing is unpacked. A compressed tar, or one that comes through a pipe, is written to a file without a name first.</summary>
internal sealed class TarFiles : ImageFiles
{
    private const int LongestLinkChain = 8;

    private readonly FileStream _file;
    private readonly Dictionary<string, (long Offset, long Size)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private TarFiles(FileStream file) => _file = file;

    /// <summary>Opens an archive and looks through it.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="spoolDirectory">Where a plain copy lies meanwhile, if one is needed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">It can't be read (ArchiveNotReadable), or is damaged (ArchiveCorrupt).</exception>
    internal static async Task<TarFiles> OpenAsync(string path, string spoolDirectory, CancellationToken cancellationToken)
    {
        var file = OpenArchive(path);
        try
        {
            if (!ArchiveReader.IsPlainFile(file))
            {
                var plain = await SpoolAsync(file, spoolDirectory, cancellationToken);
                await file.DisposeAsync();
                file = plain;
            }
            var files = new TarFiles(file);
            files.Look(cancellationToken);
            return files;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override FilePart? Find(string name)
    {
        for (var i = 0; i < LongestLinkChain && _links.TryGetValue(name, out var target); i++)
        {
            name = target;
        }
        return _files.TryGetValue(name, out var place) ? new FilePart(_file.SafeFileHandle, place.Offset, place.Size, isOwner: false) : null;
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private void Look(CancellationToken cancellationToken)
    {
        var input = new StreamTarInput(_file);
        var tar = new TarReader(input, null);
        while (tar.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var member = ArchiveReader.Describe(entry);
            if (member.Target is { } target)
            {
                _links[member.Name] = target;
            }
            else if (member.Size >= 0)
            {
                _files.TryAdd(member.Name, (input.Position, member.Size));
            }
        }
    }

    private static FileStream OpenArchive(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "ArchiveNotReadable", $"can't read the archive {path}", path,
                error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : error.Message, error);
        }
    }

    private static async Task<FileStream> SpoolAsync(FileStream archive, string directory, CancellationToken cancellationToken)
    {
        var spool = SpooledBlob.CreateFile(directory);
        try
        {
            await using var reader = await ArchiveReader.OpenAsync(archive, isPlainFile: false, cancellationToken);
            reader.CopyPlain(spool, cancellationToken);
            spool.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }
}
