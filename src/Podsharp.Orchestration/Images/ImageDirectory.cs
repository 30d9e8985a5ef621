using System.Formats.Tar;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Orchestration.Images;

/// <summary>Images in directories of the caller: engines know archives only, since a directory may be on another machine.</summary>
public static class ImageDirectory
{
    /// <summary>Saves images into a directory, which is made if need be. An OCI layout that is there gets them added; a directory in Docker's form
    /// gets its image replaced; any other that isn't empty is left alone.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="request">The images; the format is one of a directory.</param>
    /// <param name="path">The directory.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async IAsyncEnumerable<ImageSaveProgress> SaveAsync(IContainerEngine engine, ImageSaveRequest request, string path,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var writer = ImageDirectoryWriter.Open(path, request.Format);
        var pipe = new StreamPipe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var unpacking = Task.Run(() => UnpackAsync(writer, pipe.Reader, stop), CancellationToken.None);
        var complete = false;
        try
        {
            await foreach (var progress in engine.SaveImagesAsync(request, pipe.Writer, stop.Token))
                yield return progress;
            complete = true;
        }
        finally
        {
            pipe.Complete(complete ? null : new OperationCanceledException());
            // Where both failed, one because of the other: the directory's failure stops the engine by the token.
            if (await unpacking is { } failure && (complete || stop.IsCancellationRequested))
                throw failure;
        }
    }

    /// <summary>Opens a directory's files as a tar, small ones first, so that what tells about the layers comes before them.</summary>
    /// <exception cref="ContainerEngineException">It holds no images (NotAnImageArchive), or links (ArchiveCorrupt).</exception>
    public static Stream OpenTar(string path, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(Path.Combine(path, "index.json")) && !File.Exists(Path.Combine(path, "manifest.json")))
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "NotAnImageArchive", $"the directory {path} holds no image: it has neither index.json nor manifest.json",
                path, "name an OCI image layout, or a directory written by save --format docker-dir");
        var pipe = new StreamPipe();
        _ = Task.Run(async () =>
        {
            try
            {
                await using var tar = new TarWriter(pipe.Writer, TarEntryFormat.Pax, leaveOpen: true);
                foreach (var file in Files(path).OrderBy(file => file.Length))
                    await tar.WriteEntryAsync(file.FullName, Path.GetRelativePath(path, file.FullName), cancellationToken);
                await tar.DisposeAsync();
                pipe.Complete();
            }
            catch (Exception error)
            {
                pipe.Complete(error);
            }
        }, CancellationToken.None);
        return pipe.Reader;
    }

    private static async Task<Exception?> UnpackAsync(ImageDirectoryWriter writer, Stream tar, CancellationTokenSource stop)
    {
        try
        {
            await writer.UnpackAsync(tar, stop.Token);
            return null;
        }
        catch (Exception error)
        {
            // First of all, so that the engine doesn't wait for room for ever.
            await tar.DisposeAsync();
            writer.Abandon();
            if (error is IOException { InnerException: OperationCanceledException } or OperationCanceledException)
                return null; // the engine's failure is the cause
            await stop.CancelAsync();
            return error is IOException or UnauthorizedAccessException
                ? new ContainerEngineException(ErrorKind.InvalidArgument, "ArchiveNotWritable", $"the directory can't be written: {error.Message}", writer.Path, innerException: error)
                : error;
        }
    }

    // The links of a directory that somebody else made could lead anywhere.
    private static List<FileInfo> Files(string path)
    {
        var files = new List<FileInfo>();
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, MaxRecursionDepth = 3 }))
        {
            if (entry.LinkTarget is not null)
                throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArchiveCorrupt", $"{entry.FullName} is a link, which no image directory has", entry.FullName,
                    "replace it by the file that it leads to");
            if (entry is FileInfo file)
                files.Add(file);
        }
        return files;
    }
}
