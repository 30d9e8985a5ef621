using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>A blob whose size must be known before it can be written: small ones are kept in memory, larger ones in a file that has no
/// name, so that it is gone with this process whatever ends that.</summary>
internal sealed class SpooledBlob(string directory) : IDisposable
{
    private const int MemoryLimit = 1024 * 1024;
    private const int CopySize = 256 * 1024;

    private readonly MemoryStream _memory = new();
    private FileStream? _file;

    /// <summary>Takes a part.</summary>
    internal void Write(ReadOnlySpan<byte> data)
    {
        if (_file is null && _memory.Length + data.Length > MemoryLimit)
        {
            _file = CreateFile(directory);
            _memory.WriteTo(_file);
        }
        ((Stream?)_file ?? _memory).Write(data);
    }

    /// <summary>Hands the whole on.</summary>
    internal void CopyTo(ArchiveWriter target)
    {
        if (_file is null)
        {
            target.Write(_memory.GetBuffer().AsSpan(0, (int)_memory.Length));
            return;
        }
        _file.Position = 0;
        var buffer = new byte[CopySize];
        while (_file.Read(buffer) is > 0 and var count)
        {
            target.Write(buffer.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _memory.Dispose();
    }

    /// <summary>A file without a name.</summary>
    /// <exception cref="ContainerEngineException">None can be made in that directory (TemporaryDirectory).</exception>
    internal static FileStream CreateFile(string directory)
    {
        var path = Path.Combine(directory, $"podsharp-blob-{Guid.NewGuid():N}");
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            });
            File.Delete(path);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "TemporaryDirectory", $"no temporary file can be made in {directory}: {error.Message}", directory,
                "set image_copy_tmp_dir in containers.conf, or TMPDIR, to a directory with room", error);
        }
    }
}
