using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>Copies of the executable under the state directory, by content hash: what an exit command names must outlive the session, the
/// module's folder and an upgrade.</summary>
internal sealed class InstalledExecutables(EnginePaths paths, StateDatabase database, string? source)
{
    private const string ProgramName = "podsharp";

    // In the directory of a copy that is kept although no container may name it.
    private const string KeptMark = "kept";
    private readonly Lock _gate = new();
    private string? _installed;

    /// <summary>The path of an installed copy.</summary>
    public string PathOf(string hash) => Path.Combine(paths.ExecutableDirectory, hash, ProgramName);

    /// <summary>The executable that is copied; empty where there is none.</summary>
    public string Source => source ?? "";

    /// <summary>Keeps a copy that something besides containers names, and no other one any more.</summary>
    public void Keep(string? hash)
    {
        foreach (var directory in Directory.Exists(paths.ExecutableDirectory) ? Directory.EnumerateDirectories(paths.ExecutableDirectory) : [])
        {
            var mark = Path.Combine(directory, KeptMark);
            if (Path.GetFileName(directory) == hash)
                File.WriteAllText(mark, "");
            else
                File.Delete(mark);
        }
    }

    /// <summary>Makes sure that the current executable is installed and returns its hash.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent when the executable can't be found.</exception>
    public string Ensure()
    {
        lock (_gate)
        {
            if (_installed is not null && File.Exists(PathOf(_installed)))
                return _installed;
            var program = source is not null && File.Exists(source) ? source : throw new ContainerEngineException(ErrorKind.MissingComponent,
                "ExecutableNotFound", "the podsharp executable was not found beside the module; it is needed to clean up after a container's end",
                source, "reinstall the module, or name the executable in PODSHARP_EXECUTABLE");
            var hash = Hash(program);
            if (!File.Exists(PathOf(hash)))
            {
                Install(program, hash);
                RemoveOthers(hash);
            }
            return _installed = hash;
        }
    }

    /// <summary>Removes a copy that no container names any more, unless it is the current one.</summary>
    public void Forget(string hash)
    {
        if (hash.Length == 0 || hash == _installed || (source is not null && IsCopyOf(hash)))
            return;
        // Whoever runs from it keeps its open file; a creation that chose it between our look and now installs it again.
        if (!database.Read(connection => ContainerTable.UsesExecutable(connection, hash)))
            RemoveCopy(hash);
    }

    /// <summary>Copies that no container names and that aren't the current one, and copies that were never finished, older than this.</summary>
    public IReadOnlyList<string> FindUnused(TimeSpan age)
    {
        if (!Directory.Exists(paths.ExecutableDirectory))
            return [];
        var limit = DateTimeOffset.UtcNow - age;
        return [.. Directory.EnumerateDirectories(paths.ExecutableDirectory)
            .Where(path => Files.TryStatus(path) is { } status && status.Modified.ToDateTimeOffset() < limit && IsUnused(Path.GetFileName(path)))];
    }

    private bool IsUnused(string name) => name.StartsWith('.')
        || (name != _installed && (source is null || !IsCopyOf(name)) && !database.Read(connection => ContainerTable.UsesExecutable(connection, name)));

    private bool IsCopyOf(string hash)
    {
        // An exit command runs from its copy: the directory's name tells, without reading the program.
        var directory = Path.GetDirectoryName(source)!;
        return Path.GetDirectoryName(directory) == paths.ExecutableDirectory
            ? Path.GetFileName(directory) == hash
            : File.Exists(source) && Hash(source) == hash;
    }

    private void RemoveCopy(string hash)
    {
        var directory = Path.Combine(paths.ExecutableDirectory, hash);
        if (Directory.Exists(directory) && !File.Exists(Path.Combine(directory, KeptMark)))
            Directory.Delete(directory, recursive: true);
    }

    /// <summary>The program and the libraries that stand beside it or below it.</summary>
    private static IEnumerable<string> FilesOf(string program)
    {
        var directory = Path.GetDirectoryName(program)!;
        yield return program;
        // Ahead-of-time compiled it is one file, perhaps with native libraries; otherwise its assemblies belong to it.
        var managed = File.Exists(Path.Combine(directory, ProgramName + ".dll"));
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            if (file != program && (file.EndsWith(".so", StringComparison.Ordinal)
                || (managed && (file.EndsWith(".dll", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal)))))
                yield return file;
        }
        // What was built but not published loads its native libraries from there.
        var runtimes = Path.Combine(directory, "runtimes");
        if (!managed || !Directory.Exists(runtimes))
            yield break;
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        foreach (var runtime in Directory.EnumerateDirectories(runtimes, "linux*-" + architecture))
        {
            var native = Path.Combine(runtime, "native");
            foreach (var file in Directory.Exists(native) ? Directory.EnumerateFiles(native, "*.so") : [])
                yield return file;
        }
    }

    private string Hash(string program)
    {
        var info = new FileInfo(program);
        var (size, time) = (info.Length, info.LastWriteTimeUtc.Ticks);
        var cached = database.Read(connection => Find(connection, program, size, time));
        if (cached is not null)
            return cached;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in FilesOf(program).Order(StringComparer.Ordinal))
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        var text = Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
        database.Write(Durability.Boot, (connection, transaction) => Remember(connection, transaction, program, size, time, text));
        return text;
    }

    private void Install(string program, string hash)
    {
        var target = Path.Combine(paths.ExecutableDirectory, hash);
        var staging = Path.Combine(paths.ExecutableDirectory, $".{hash}.{Guid.NewGuid():N}");
        PrivateDirectory.Create(staging);
        try
        {
            var directory = Path.GetDirectoryName(program)!;
            foreach (var file in FilesOf(program))
            {
                var copy = Path.Combine(staging, file == program ? ProgramName : Path.GetRelativePath(directory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            File.SetUnixFileMode(Path.Combine(staging, ProgramName), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            // A rename onto a full directory fails: then another process was first, with the same content.
            if (Files.TryRename(staging, target) != Errno.None && !File.Exists(PathOf(hash)))
                throw new ContainerEngineException(ErrorKind.Internal, "ExecutableNotInstalled", $"the executable can't be installed in {target}", target);
        }
        finally
        {
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>An upgrade leaves copies behind whose last container was removed by the copy itself.</summary>
    private void RemoveOthers(string current)
    {
        foreach (var directory in Directory.EnumerateDirectories(paths.ExecutableDirectory))
        {
            var hash = Path.GetFileName(directory);
            if (hash != current && !hash.StartsWith('.') && !database.Read(connection => ContainerTable.UsesExecutable(connection, hash)))
                RemoveCopy(hash);
        }
    }

    private static string? Find(SqliteConnection connection, string path, long size, long time)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT hash FROM executables WHERE path=$path AND size=$size AND mtime=$mtime";
        command.Parameters.AddWithValue("$path", path);
        command.Parameters.AddWithValue("$size", size);
        command.Parameters.AddWithValue("$mtime", time);
        return command.ExecuteScalar() as string;
    }

    private static void Remember(SqliteConnection connection, SqliteTransaction transaction, string path, long size, long time, string hash)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT OR REPLACE INTO executables VALUES ($path,$size,$mtime,$hash)";
        command.Parameters.AddWithValue("$path", path);
        command.Parameters.AddWithValue("$size", size);
        command.Parameters.AddWithValue("$mtime", time);
        command.Parameters.AddWithValue("$hash", hash);
        command.ExecuteNonQuery();
    }
}
