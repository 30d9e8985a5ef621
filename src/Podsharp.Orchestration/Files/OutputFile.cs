using Podsharp.Model;

namespace Podsharp.Orchestration.Files;

/// <summary>A file that a command writes: what is there stays until the new one is complete.</summary>
public static class OutputFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="keep">Whether a file that is there is left alone, and that an error.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="isPrivate">Whether only its owner may read it.</param>
    /// <exception cref="ContainerEngineException">It can't be written (ArchiveNotWritable), or is there (FileExists).</exception>
    public static async Task WriteAsync(string path, bool keep, Func<Stream, Task> write, bool isPrivate = false)
    {
        var part = $"{path}.part-{Guid.NewGuid():N}";
        try
        {
            await using (var file = Create(part, isPrivate))
                await write(file);
            Replace(part, path, keep);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static FileStream Create(string path, bool isPrivate)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = isPrivate && !OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ArchiveNotWritable", $"the archive can't be written: {e.Message}", path,
                "name a file in a directory that exists and may be written to", e);
        }
    }

    private static void Replace(string part, string path, bool keep)
    {
        try
        {
            File.Move(part, path, overwrite: !keep);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new ContainerEngineException(ErrorKind.NameInUse, "FileExists", $"the file {path} exists already", path,
                "leave out -NoClobber to replace it, or name another", e);
        }
    }
}
