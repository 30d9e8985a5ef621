using System.Runtime.InteropServices;
using Podsharp.Engine.State;

namespace Podsharp.UnitTests.State;

public sealed class InstalledExecutablesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-executables-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void APublishedExecutableIsInstalledWithItsLibrariesOnly()
    {
        Write("podsharp", "libe_sqlite3.so", "notes.txt", "other.dll");
        Assert.Equal(["libe_sqlite3.so", "podsharp"], Installed());
    }

    [Fact]
    public void ABuiltOneTakesItsAssembliesAndThisArchitecturesLibrariesAlong()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        Write("podsharp", "podsharp.dll", "podsharp.deps.json", "notes.txt", $"runtimes/linux-{architecture}/native/libe_sqlite3.so",
            "runtimes/linux-s390x/native/libe_sqlite3.so", "runtimes/win-x64/native/e_sqlite3.dll");
        Assert.Equal(["podsharp", "podsharp.deps.json", "podsharp.dll", $"runtimes/linux-{architecture}/native/libe_sqlite3.so"], Installed());
    }

    private void Write(params string[] names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(_directory, "source", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
        }
    }

    private string[] Installed()
    {
        var state = Path.Combine(_directory, "state");
        var paths = new EnginePaths
        {
            StateDirectory = state, TmpDirectory = _directory, VolumeDirectory = _directory, NetworkConfigDirectory = _directory,
            NetnsDirectory = _directory, NetavarkDirectory = _directory,
        };
        using var database = new StateDatabase(state);
        var executables = new InstalledExecutables(paths, database, Path.Combine(_directory, "source", "podsharp"));
        var copy = Path.GetDirectoryName(executables.PathOf(executables.Ensure()))!;
        return [.. Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(copy, file)).Order(StringComparer.Ordinal)];
    }
}
