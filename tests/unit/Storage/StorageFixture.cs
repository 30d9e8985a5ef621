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

    /// <summary>A layer without an image, as another engine records it.</summary>
    internal string AddLayer(byte[] tar, string? parent = null)
    {
        var list = Configuration.GraphRoot + "/overlay-images/images.json";
        var before = File.Exists(list) ? File.ReadAllText(list) : "[]";
        var image = NewId();
        var layer = Commit(Store, tar, image, parent).TopLayerId!;
        File.WriteAllText(list, before);
        System.IO.Directory.Delete($"{Configuration.GraphRoot}/overlay-images/{image}");
        return layer;
    }

    /// <summary>An image with a layer of its own.</summary>
    internal static StoredImage Commit(ContainerStorage store, byte[] tar, string image, string? parent = null)
    {
        using var staging = store.BeginLayer();
        var layer = ContainerStorage.ComputeLayerId(parent, staging.Unpack(new MemoryStream(tar), CancellationToken.None).DiffId);
        return store.CommitImage([(staging, new LayerCommit { ParentId = parent })], new ImageCommit { Id = image, TopLayerId = layer });
    }

    internal string AddImage(string name, string? layer)
    {
        var config = TarBuilder.Latin($"{{\"name\":\"{name}\"}}");
        var id = Convert.ToHexStringLower(SHA256.HashData(config));
        Store.CommitImage([], new ImageCommit { Id = id, Names = [name], TopLayerId = layer, BigData = [new("manifest", config), new($"sha256:{id}", config)] });
        return id;
    }

    internal string Diff(string layer) => $"{Configuration.GraphRoot}/overlay/{layer}/diff";

    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public void Dispose() => Engine.Native.Files.RemoveTree(directory);
}
