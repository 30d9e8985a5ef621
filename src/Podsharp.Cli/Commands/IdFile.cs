using Podsharp.Model;

namespace Podsharp.Cli.Commands;

/// <summary>The file that --cidfile names: taken before the container is made, so that two commands can't share one, and gone again if none is.</summary>
internal sealed class IdFile : IDisposable
{
    private readonly string path;
    private FileStream? file;

    /// <summary>Makes the file.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument where it is there or can't be made.</exception>
    internal IdFile(string path)
    {
        this.path = path;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            });
        }
        catch (IOException) when (File.Exists(path))
        {
            throw EngineErrors.InvalidArgument($"container ID file {path} exists", path,
                "make sure that no other container uses it and remove it, or name another file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"can't make the container ID file {path}: {e.Message}", path, "name another file");
        }
    }

    /// <summary>The container is made.</summary>
    internal void Write(string id)
    {
        using (file)
            file!.Write(System.Text.Encoding.ASCII.GetBytes(id));
        file = null;
    }

    /// <summary>Without a container there is no file either.</summary>
    public void Dispose()
    {
        if (file is null)
            return;
        file.Dispose();
        file = null;
        File.Delete(path);
    }
}
