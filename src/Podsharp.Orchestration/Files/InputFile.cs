using Podsharp.Model;

namespace Podsharp.Orchestration.Files;

/// <summary>An archive that a command reads.</summary>
public static class InputFile
{
    /// <summary>Opens it, to be read from its beginning to its end.</summary>
    /// <exception cref="ContainerEngineException">It can't be read (ArchiveNotFound).</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "ArchiveNotFound", $"the archive \"{path}\" can't be read", path, "check the path", error);
        }
    }
}
