using System.Security.Cryptography;
using Podsharp.Engine.Storage;

namespace Podsharp.UnitTests.Storage;

/// <summary>A store of its own in a temporary directory, with something beside it that nobody may touch.</summary>
internal sealed class StorageFixture : IDisposable
{
    private readonly string directory = System.IO.Directory.CreateTempSubdirectory("podsharp-store-").FullName;

    internal StorageFixture()
    {
        Outside = Path.Combine(directory, "outside");
        System.IO.Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret"), "secret");
        Configuration = new StorageConfiguration
        {
            GraphRoot = Path.Combine(directory, "graph"),
            RunRoot = Path.Combine(directory, "run"),
            Rootless = !Environment.IsPrivilegedProcess,
            IgnoreOwnerErrors = !Environment.IsPrivilegedProcess,
        };
        Store = ContainerStorage.Open(Configuration);
    }

    internal StorageConfiguration Configuration { get; }

    internal ContainerStorage Store { get; }

    internal string Outside { get; }

    internal string Root => directory;

    /// <summary>Everything outside the store, as text.</summary>
    internal string Snapshot() => string.Join('\n', System.IO.Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.TopDirectoryOnly)
        .Concat(System.IO.Directory.EnumerateFileSystemEntries(Outside, "*", SearchOption.AllDirectories)).Order()
        .Select(path => $"{path} {(File.Exists(path) ? File.ReadAllText(path) + File.GetLastWriteTimeUtc(path).Ticks + File.GetUnixFileMode(path) : "")}"));

    internal string AddLayer(byte[] tar, string? parent = null)
    {
        using var staging = Store.BeginLayer();
        staging.Unpack(new MemoryStream(tar), CancellationToken.None);
        return Store.CommitLayer(staging, new LayerCommit { ParentId = parent });
    }

    internal string AddImage(string name, string? layer)
    {
        var config = TarBuilder.Latin($"{{\"name\":\"{name}\"}}");
        var id = Convert.ToHexStringLower(SHA256.HashData(config));
        Store.PutImage(new ImageCommit { Id = id, Names = [name], TopLayerId = layer, BigData = [new("manifest", config), new($"sha256:{id}", config)] });
        return id;
    }

    internal string Diff(string layer) => $"{Configuration.GraphRoot}/overlay/{layer}/diff";

    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public void Dispose() => Engine.Native.Files.RemoveTree(directory);
}
