using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>The store's directories, made before the first write.</summary>
internal sealed class StoreLayout(StorageConfiguration configuration)
{
    private readonly Lock gate = new();
    private bool ready;

    /// <summary>Refuses where the configuration forbids writing, makes what is missing, and clears away what killed processes left.</summary>
    internal void PrepareForWriting()
    {
        if (configuration.Refusal is not null)
            throw configuration.Refusal;
        lock (gate)
        {
            if (ready)
                return;
            MakeDirectories();
            StagingDirectory.RemoveStale(configuration.DriverRoot + "/tempdirs");
            StagingDirectory.RemoveStale(configuration.GraphRoot + "/overlay-layers/tmp");
            ready = true;
        }
    }

    private void MakeDirectories()
    {
        const uint own = 0x1C0 /* 0700 */, open = 0x1ED /* 0755 */;
        var root = configuration.GraphRoot;
        Files.MakeDirectories(root, own);
        using var held = FileLock.Acquire(root + "/storage.lock", LockMode.Exclusive);
        Files.MakeDirectory(configuration.DriverRoot, open);
        Files.MakeDirectory(configuration.DriverRoot + "/l", open);
        foreach (var list in new[] { "layers", "images", "containers" })
        {
            Files.MakeDirectory($"{root}/overlay-{list}", own);
            Files.MakeDirectories($"{configuration.RunRoot}/overlay-{list}", own);
        }
        // Says that whiteouts here are the kernel's kind; without it podman would have to guess.
        var marker = configuration.DriverRoot + "/.has-mount-program";
        if (Files.TryStatus(marker) is null)
            Files.Replace(marker, "false"u8, 0x180 /* 0600 */, durable: true);
    }
}
