using System.Security.Cryptography;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>Blobs on their way into the store of artifacts, beside it: what a killed process leaves here the next one removes.</summary>
/// <param name="root">Where they wait; on the store's file system.</param>
internal sealed class ArtifactBlobs(string root) : IDisposable
{
    /// <summary>Media type of the configuration that artifacts have: none.</summary>
    internal const string EmptyType = "application/vnd.oci.empty.v1+json";

    private const int BlockSize = 256 * 1024;

    private readonly StagingDirectory _directory = StagingDirectory.Create(root);
    private readonly Dictionary<ContentDigest, string> _paths = [];

    /// <summary>The empty configuration (OCI image-spec manifest.md, "Guidance for an Empty Descriptor").</summary>
    internal static ArtifactDescriptor EmptyConfig { get; } = new() { MediaType = EmptyType, Digest = ContentDigest.Of("{}"u8).ToString(), Size = 2, Data = "e30=" };

    /// <summary>What waits here, by its digest.</summary>
    internal IReadOnlyDictionary<ContentDigest, string> Paths => _paths;

    /// <summary>Takes a file of the host.</summary>
    /// <param name="file">The file.</param>
    /// <param name="type">Its media type; null for what it looks like.</param>
    /// <param name="annotations">Its annotations.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">NotFound, PermissionDenied, StorageFull.</exception>
    internal ArtifactDescriptor Take(ArtifactFile file, string? type, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        using var source = Open(file.Path);
        var block = new byte[BlockSize];
        var count = source.ReadAtLeast(block.AsSpan(0, ContentType.Length), ContentType.Length, throwOnEndOfStream: false);
        type ??= ContentType.Of(block.AsSpan(0, count));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var path = _directory.NewPath("file");
        var size = 0L;
        using (var target = Create(path))
        {
            for (; count > 0; count = source.Read(block))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, count);
                Files.Write(target, block.AsSpan(0, count), path);
                size += count;
            }
            Files.SyncData(target, path);
        }
        var digest = new ContentDigest("sha256", Convert.ToHexStringLower(hash.GetHashAndReset()));
        _paths[digest] = path;
        return new ArtifactDescriptor { MediaType = type, Digest = digest.ToString(), Size = size, Annotations = annotations };
    }

    /// <summary>Takes small things that are at hand.</summary>
    internal ContentDigest Take(ReadOnlySpan<byte> bytes)
    {
        var (digest, path) = (ContentDigest.Of(bytes), _directory.NewPath("bytes"));
        using (var target = Create(path))
        {
            Files.Write(target, bytes, path);
            Files.SyncData(target, path);
        }
        _paths[digest] = path;
        return digest;
    }

    /// <summary>Takes a blob that is made piece by piece, and that its maker has compared with its digest.</summary>
    internal async Task<MadeBlob> TakeAsync(BlobMaker make, Action<long> progress, CancellationToken cancellationToken)
    {
        var path = _directory.NewPath("blob");
        using var target = Create(path);
        var written = 0L;
        var blob = await make((data, _) =>
        {
            Files.Write(target, data.Span, path);
            progress(written += data.Length);
            return ValueTask.CompletedTask;
        }, cancellationToken);
        Files.SyncData(target, path);
        Keep(blob.Digest, path);
        return blob;
    }

    /// <summary>Takes a blob that the store has: from now on it doesn't matter who removes it there.</summary>
    /// <returns>False where it isn't there, or has another size.</returns>
    internal bool TryTakeLink(string stored, ContentDigest digest, long size)
    {
        var path = _directory.NewPath("link");
        if (Files.TryMakeLink(Files.Absolute, stored, Files.Absolute, path) != Errno.None || Files.TryStatus(path)?.Size != size)
        {
            return false;
        }
        Keep(digest, path);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    // Several come at a time.
    private void Keep(ContentDigest digest, string path)
    {
        lock (_paths)
        {
            _paths[digest] = path;
        }
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Create(string path) =>
        Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x1A4 /* 0644 */);

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw EngineErrors.InvalidArgument($"read {path}: is a directory", path, "name files");
        }
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "FileNotFound", $"open {path}: no such file or directory", path, "correct the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "PermissionDenied", $"open {path}: {error.Message}", path, innerException: error);
        }
    }
}
