namespace Podsharp.Engine.Native;

/// <summary>Directories and files for this user only, whatever the process's umask is.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory and its parents; mode 0700 for those that are new.</summary>
    public static void Create(string path) => Create(path, OwnerOnly);

    /// <summary>Makes the directory and its parents with a mode that the umask doesn't reduce.</summary>
    public static void Create(string path, UnixFileMode mode)
    {
        var missing = new Stack<string>();
        for (var at = path; at is { Length: > 1 } && !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
            missing.Push(at);
        foreach (var directory in missing)
        {
            Directory.CreateDirectory(directory, mode);
            File.SetUnixFileMode(directory, mode);
        }
    }

    /// <summary>Makes the directory if it is missing.</summary>
    public static void Ensure(string path)
    {
        if (!Directory.Exists(path))
            Create(path);
    }

    /// <summary>Takes a file from everybody but its owner.</summary>
    public static void RestrictFile(string path) => File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
