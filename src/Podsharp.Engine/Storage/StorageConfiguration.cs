using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>Which store to work on and how, from storage.conf (containers-storage.conf(5)), the environment and the caller.</summary>
internal sealed record StorageConfiguration
{
    /// <summary>Absolute root of what is kept: images, layers, container layers.</summary>
    public required string GraphRoot { get; init; }

    /// <summary>Absolute root of what a reboot clears: mount counts, per-container run directories.</summary>
    public required string RunRoot { get; init; }

    /// <summary>The storage driver. Only "overlay" can be written.</summary>
    public string Driver { get; init; } = "overlay";

    /// <summary>Options appended to every overlay mount, as written ("nodev,metacopy=on"), or null.</summary>
    public string? MountOptions { get; init; }

    /// <summary>Absolute roots of further stores whose images and layers may be read.</summary>
    public IReadOnlyList<string> AdditionalImageStores { get; init; } = [];

    /// <summary>Whether we work in a user namespace: other xattr names, the mount option userxattr, no device nodes.</summary>
    public bool Rootless { get; init; }

    /// <summary>Whether a failed chown during unpacking is passed over (one-id user namespaces).</summary>
    public bool IgnoreOwnerErrors { get; init; }

    /// <summary>Whether the volatile mount option is never used.</summary>
    public bool DisableVolatile { get; init; }

    /// <summary>Whether the driver's directory is not made a private mount.</summary>
    public bool SkipMountHome { get; init; }

    /// <summary>Whether the whole file system is synchronised before a layer is recorded (sync = "filesystem").</summary>
    public bool SyncFileSystem { get; init; }

    /// <summary>Why this store must not be written, naming the key at fault; null where it may.</summary>
    public ContainerEngineException? Refusal { get; init; }

    /// <summary>The overlay driver's directory.</summary>
    internal string DriverRoot => GraphRoot + "/overlay";

    /// <summary>Reads the configuration.</summary>
    /// <param name="environment">The host.</param>
    /// <param name="rootOverride">The caller's graph root (--root).</param>
    /// <param name="runRootOverride">The caller's run root (--runroot).</param>
    /// <param name="driverOverride">The caller's driver (--storage-driver).</param>
    /// <param name="storageOptions">The caller's driver options ("overlay.mountopt=nodev"); they replace the configured ones.</param>
    /// <exception cref="ContainerEngineException">A file is malformed.</exception>
    internal static StorageConfiguration Load(ConfigurationEnvironment environment, string? rootOverride = null,
        string? runRootOverride = null, string? driverOverride = null, IReadOnlyList<string>? storageOptions = null)
    {
        var settings = StorageSettings.Read(environment);
        settings.Override(environment, rootOverride, driverOverride, storageOptions ?? []);
        var (defaultRoot, defaultRunRoot) = StorageSettings.DefaultRoots(environment);
        var configuration = new StorageConfiguration
        {
            GraphRoot = Normalise(rootOverride ?? settings.Get("graphroot") ?? settings.Get("rootless_storage_path") ?? defaultRoot, environment),
            RunRoot = Normalise(runRootOverride ?? settings.Get("runroot") ?? defaultRunRoot, environment),
            Driver = settings.Get("driver") is { Length: > 0 } driver ? driver : "overlay",
            MountOptions = settings.Get("mountopt") is { Length: > 0 } options ? options : null,
            AdditionalImageStores = [.. settings.AdditionalImageStores.Select(path => Normalise(path, environment))],
            Rootless = environment.IsRootless,
            IgnoreOwnerErrors = settings.IsTrue("ignore_chown_errors"),
            DisableVolatile = settings.IsTrue("disable-volatile"),
            SkipMountHome = settings.IsTrue("skip_mount_home"),
            SyncFileSystem = settings.Get("sync") == "filesystem",
        };
        return configuration with { Refusal = settings.FindRefusal(configuration) };
    }

    private static string Normalise(string path, ConfigurationEnvironment environment)
    {
        var expanded = StorageSettings.Expand(path, environment);
        if (!Path.IsPathRooted(expanded))
            throw EngineErrors.InvalidArgument($"the storage path \"{path}\" is not absolute", path, "give it from / on");
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(expanded));
    }
}
