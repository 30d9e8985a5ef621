using Microsoft.Win32.SafeHandles;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>The files of an image that lies in a directory or in an archive; names are relative, and lead nowhere else.</summary>
internal abstract class ImageFiles : IDisposable
{
    private const int LargestDocument = 16 * 1024 * 1024;

    /// <summary>Opens a file; null where there is none.</summary>
    /// <exception cref="ContainerEngineException">It can't be read.</exception>
    protected abstract FilePart? Find(string name);

    /// <summary>Opens a file.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: there is none.</exception>
    internal FilePart OpenFile(string name) => Find(name) ?? throw Missing(name);

    /// <summary>Reads a small file; null where there is none.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is larger than any honest one.</exception>
    internal byte[]? TryRead(string name)
    {
        using var file = Find(name);
        if (file is null)
        {
            return null;
        }
        if (file.Size > LargestDocument)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "AnswerTooLarge", $"the file {name} is larger than {LargestDocument} bytes", name);
        }
        var bytes = new byte[file.Size];
        var count = 0;
        for (int read; count < bytes.Length && (read = file.Read(bytes.AsSpan(count))) > 0;)
        {
            count += read;
        }
        return bytes;
    }

    /// <summary>Reads a small file.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: there is none.</exception>
    internal byte[] Read(string name) => TryRead(name) ?? throw Missing(name);

    /// <inheritdoc/>
    public abstract void Dispose();

    private static ContainerEngineException Missing(string name) => new(ErrorKind.DataCorrupt, "ArchiveCorrupt", $"the file {name} is missing", name, "get the image again from its source");
}

/// <summary>A file, or a part of one, that is read from its beginning.</summary>
/// <param name="handle">The file.</param>
/// <param name="offset">Where it begins.</param>
/// <param name="size">Its bytes.</param>
/// <param name="isOwner">Whether the file is closed with it.</param>
internal sealed class FilePart(SafeFileHandle handle, long offset, long size, bool isOwner) : IDisposable, IAsyncDisposable
{
    private long _position;

    /// <summary>Its bytes.</summary>
    internal long Size => size;

    /// <summary>The next bytes; 0 at the end.</summary>
    internal int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, size - _position);
        count = count == 0 ? 0 : RandomAccess.Read(handle, buffer[..count], offset + _position);
        _position += count;
        return count;
    }

    /// <summary>It as a blob.</summary>
    internal BlobSource ToBlob() => new((buffer, cancellationToken) =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }, this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isOwner)
        {
            handle.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
