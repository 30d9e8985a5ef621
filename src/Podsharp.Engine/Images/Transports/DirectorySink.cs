using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Files in a directory. Each appears complete, under its name, or not at all; those of a copy that failed stay, so that the next one finds them.</summary>
internal sealed class DirectorySink : ImageSink
{
    private readonly string _path;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private DirectorySink(string path) => _path = path;

    /// <summary>The names that were written or found.</summary>
    internal IReadOnlySet<string> Written => _written;

    /// <summary>Opens a directory, which is made if need be.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="mark">The file that says that it is one of these; others must be empty.</param>
    /// <param name="content">What that file says.</param>
    /// <param name="what">What it is to be, for the message.</param>
    /// <exception cref="ContainerEngineException">It holds other things (DirectoryNotEmpty), or can't be made.</exception>
    internal static DirectorySink Open(string path, string mark, ReadOnlySpan<byte> content, string what)
    {
        path = path.TrimEnd('/');
        Files.MakeDirectories(path, 0x1ED /* 0755 */);
        if (!File.Exists(Path.Combine(path, mark)))
        {
            if (Directory.EnumerateFileSystemEntries(path).Any(entry => !Path.GetFileName(entry).StartsWith($".tmp-{mark}", StringComparison.Ordinal)) && !File.Exists(Path.Combine(path, mark)))
            {
                throw new ContainerEngineException(ErrorKind.InvalidArgument, "DirectoryNotEmpty", $"the directory {path} is not empty and holds no {what}", path, "name another, or an empty one");
            }
            Files.Replace(Path.Combine(path, mark), content, 0x1A4 /* 0644 */, durable: false);
        }
        return new DirectorySink(path);
    }

    /// <inheritdoc/>
    internal override bool Has(string name, long size)
    {
        if (Files.TryStatus(Path.Combine(_path, name), followLink: false) is not { IsRegular: true } status || status.Size != size)
        {
            return false;
        }
        Note(name);
        return true;
    }

    /// <inheritdoc/>
    internal override async Task ChangeAsync(string name, Func<byte[]?, byte[]> change, string lockName, CancellationToken cancellationToken)
    {
        using var turn = await FileLock.AcquireAsync(Path.Combine(_path, lockName), LockMode.Exclusive, cancellationToken);
        await WriteAsync(name, change(Files.TryReadAll(Path.Combine(_path, name))), cancellationToken);
    }

    /// <inheritdoc/>
    internal override Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Files.Replace(Prepare(name), content.Span, 0x1A4 /* 0644 */, durable: false);
        Note(name);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override async Task<MadeBlob> WriteAsync(BlobMaker make, Func<ContentDigest, string> nameOf, Action<long> progress, CancellationToken cancellationToken)
    {
        var part = Files.WriteBeside(Path.Combine(_path, "blob"), default, 0x1A4 /* 0644 */, out var file);
        try
        {
            MadeBlob blob;
            using (file)
            {
                var written = 0L;
                blob = await make((data, stop) =>
                {
                    stop.ThrowIfCancellationRequested();
                    Files.Write(file, data.Span, part);
                    progress(written += data.Length);
                    return ValueTask.CompletedTask;
                }, cancellationToken);
            }
            var name = nameOf(blob.Digest);
            LinuxError.Check(Files.TryRename(part, Prepare(name)), "write", name);
            Note(name);
            return blob;
        }
        catch
        {
            Files.TryRemove(part);
            throw;
        }
    }

    /// <summary>Removes a file, if it is there.</summary>
    internal void Remove(string name) => Files.TryRemove(Path.Combine(_path, name));

    /// <summary>The names of all files at the directory's top.</summary>
    internal IEnumerable<string> Names() => Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file));

    /// <inheritdoc/>
    internal override Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Prepare(string name)
    {
        var path = Path.Combine(_path, name);
        if (name.Contains('/'))
        {
            Files.MakeDirectories(Path.GetDirectoryName(path)!, 0x1ED /* 0755 */);
        }
        return path;
    }

    private void Note(string name)
    {
        lock (_written)
        {
            _written.Add(name);
        }
    }
}
