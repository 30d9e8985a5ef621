using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>The keys of storage.conf as they stand after all files, each with the file that set it last.</summary>
internal sealed class StorageSettings
{
    private static readonly string[] s_storageKeys =
        ["driver", "runroot", "graphroot", "imagestore", "rootless_storage_path", "transient_store"];

    private static readonly string[] s_optionKeys =
    [
        "mount_program", "mountopt", "size", "inodes", "skip_mount_home", "ignore_chown_errors", "force_mask", "use_composefs",
        "sync", "disable-volatile",
    ];

    private readonly Dictionary<string, (string Value, string Source)> values = new(StringComparer.Ordinal);
    private (IReadOnlyList<string> Value, string Source) imageStores = ([], "");
    private (IReadOnlyList<string> Value, string Source) layerStores = ([], "");

    internal IReadOnlyList<string> AdditionalImageStores => imageStores.Value;

    internal string? Get(string key) => values.TryGetValue(key, out var setting) && setting.Value.Length > 0 ? setting.Value : null;

    internal bool IsTrue(string key) => Get(key)?.ToLowerInvariant() is "true" or "1" or "t" or "yes";

    /// <summary>Reads the main file (the first that exists) and then the drop-ins, in podman 5.8's order; older releases know no
    /// drop-ins, and hosts with older releases have none.</summary>
    internal static StorageSettings Read(ConfigurationEnvironment environment)
    {
        var settings = new StorageSettings();
        var userFile = Path.Combine(environment.ConfigHome, "containers/storage.conf");
        string[] candidates = environment.Variable("CONTAINERS_STORAGE_CONF") is { } only ? [only]
            : [userFile, environment.SystemPath("/etc/containers/storage.conf"), environment.SystemPath("/usr/share/containers/storage.conf")];
        foreach (var candidate in candidates)
        {
            if (TomlParser.ParseFile(candidate) is not { } table)
                continue;
            // A user's store is never where the system's file puts root's.
            var systemFile = environment.IsRootless && candidates.Length > 1 && candidate != userFile;
            settings.Apply(table, withRoots: !systemFile);
            break;
        }
        var kind = environment.IsRootless ? "rootless" : "rootful";
        foreach (var directory in new[] { "/usr/share/containers", "/etc/containers" })
        {
            settings.ApplyDropIns(environment.SystemPath($"{directory}/storage.conf.d"), withRoots: !environment.IsRootless);
            settings.ApplyDropIns(environment.SystemPath($"{directory}/storage.{kind}.conf.d"), withRoots: true);
        }
        settings.ApplyDropIns(Path.Combine(environment.ConfigHome, "containers/storage.conf.d"), withRoots: true);
        if (environment.Variable("CONTAINERS_STORAGE_CONF_OVERRIDE") is { } last && TomlParser.ParseFile(last) is { } lastTable)
            settings.Apply(lastTable, withRoots: true);
        return settings;
    }

    /// <summary>Puts the environment's and the caller's words on top.</summary>
    internal void Override(ConfigurationEnvironment environment, string? root, string? driver, IReadOnlyList<string> options)
    {
        // Another root is another store: the options of the configured one don't apply to it.
        if (root is not null)
            ClearOptions();
        if ((driver ?? environment.Variable("STORAGE_DRIVER")) is { } chosen)
            values["driver"] = (chosen, driver is null ? "STORAGE_DRIVER" : "--storage-driver");
        var fromEnvironment = options.Count == 0;
        if (fromEnvironment)
            options = environment.Variable("STORAGE_OPTS")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (options.Count == 0)
            return;
        ClearOptions();
        foreach (var option in options)
            ApplyOption(option, fromEnvironment ? "STORAGE_OPTS" : "--storage-opt");
    }

    /// <summary>Finds what forbids writing this store.</summary>
    internal ContainerEngineException? FindRefusal(StorageConfiguration configuration)
    {
        if (configuration.Driver is not ("overlay" or "overlay2"))
            return Refuse("driver", $"the storage driver \"{configuration.Driver}\" can't be written", "use the driver \"overlay\"");
        if (Get("imagestore") is not null)
            return Refuse("imagestore", "a store whose images are in a separate root can't be written", "remove that key");
        if (IsTrue("transient_store"))
            return Refuse("transient_store", "a transient store can't be written", "set it to false");
        if (Get("mount_program") is not null)
            return Refuse("mount_program", "a store that is mounted by a program can't be written", "remove that key to use the kernel's overlay");
        if (IsTrue("use_composefs"))
            return Refuse("use_composefs", "a store of composefs layers can't be written", "set it to \"false\"");
        if (Get("force_mask") is not null)
            return Refuse("force_mask", "a store with masked permissions can't be written", "remove that key");
        if (layerStores.Value.Count > 0)
            return Refuse("additionallayerstores", "a store with additional layer stores can't be written", "remove that key");
        return FindRefusalOnDisk(configuration.GraphRoot);
    }

    /// <summary>Where stores are when nothing says so: root's places, or the user's data and runtime directories.</summary>
    internal static (string GraphRoot, string RunRoot) DefaultRoots(ConfigurationEnvironment environment)
    {
        if (!environment.IsRootless)
            return (environment.SystemPath("/var/lib/containers/storage"), environment.SystemPath("/run/containers/storage"));
        var user = RealUserId(environment);
        var runtime = environment.Variable("XDG_RUNTIME_DIR");
        if (runtime is null && Directory.Exists($"/run/user/{user}"))
            runtime = $"/run/user/{user}";
        return (Path.Combine(environment.DataHome, "containers/storage"),
            Path.Combine(runtime ?? $"/tmp/storage-run-{user}", "containers"));
    }

    /// <summary>Fills $HOME, $UID and $USER into a path.</summary>
    internal static string Expand(string path, ConfigurationEnvironment environment)
    {
        if (!path.Contains('$'))
            return path;
        var user = RealUserId(environment).ToString(CultureInfo.InvariantCulture);
        return path.Replace("$HOME", environment.HomeDirectory, StringComparison.Ordinal)
            .Replace("$UID", user, StringComparison.Ordinal)
            .Replace("$USER", environment.Variable("USER") ?? user, StringComparison.Ordinal);
    }

    // Inside a user namespace we are 0; the map's line for 0 names the user outside.
    private static uint RealUserId(ConfigurationEnvironment environment)
    {
        if (uint.TryParse(environment.Variable("_CONTAINERS_ROOTLESS_UID"), CultureInfo.InvariantCulture, out var known))
            return known;
        if (environment.UserId != 0)
            return environment.UserId;
        foreach (var line in File.Exists("/proc/self/uid_map") ? File.ReadLines("/proc/self/uid_map") : [])
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3 && fields[0] == "0")
                return uint.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        return 0;
    }

    private void ApplyDropIns(string directory, bool withRoots)
    {
        foreach (var file in ConfigurationEnvironment.DropIns(directory))
        {
            if (TomlParser.ParseFile(file) is { } table)
                Apply(table, withRoots);
        }
    }

    private void Apply(TomlTable table, bool withRoots)
    {
        if (table.GetTable("storage") is not { } storage)
            return;
        foreach (var key in s_storageKeys)
        {
            if (withRoots || key is not ("runroot" or "graphroot" or "imagestore"))
                Take(storage, key);
        }
        if (storage.GetTable("options") is not { } options)
            return;
        if (options.GetStrings("additionalimagestores") is { } images)
            imageStores = (images, options.File);
        if (options.GetStrings("additionallayerstores") is { } layers)
            layerStores = (layers, options.File);
        foreach (var key in s_optionKeys)
            Take(options, key); // the place of these keys before [storage.options.overlay] existed
        if (options.GetTable("overlay") is { } overlay)
        {
            foreach (var key in s_optionKeys)
                Take(overlay, key);
        }
    }

    // Upstream writes booleans both as booleans and as strings.
    private void Take(TomlTable table, string key)
    {
        switch (table.Find(key)?.Value)
        {
            case string text: values[key] = (text, table.File); break;
            case bool flag: values[key] = (flag ? "true" : "false", table.File); break;
            case long number: values[key] = (number.ToString(CultureInfo.InvariantCulture), table.File); break;
        }
    }

    private void ApplyOption(string option, string source)
    {
        var equals = option.IndexOf('=');
        if (equals < 0)
            throw EngineErrors.InvalidArgument($"the storage option \"{option}\" has no value", option, "write it as overlay.key=value");
        var key = option[..equals].Trim().ToLowerInvariant();
        key = key[(key.IndexOf('.') + 1)..];
        var value = option[(equals + 1)..].Trim();
        if (key is "imagestore" or "additionalimagestore")
            imageStores = ([.. imageStores.Value, value], source);
        else if (s_optionKeys.Contains(key))
            values[key] = (value, source);
        else
            throw EngineErrors.InvalidArgument($"the storage option \"{option}\" is not known", option, "see containers-storage.conf(5)");
    }

    private void ClearOptions()
    {
        foreach (var key in s_optionKeys)
            values.Remove(key);
        values.Remove("imagestore");
        imageStores = ([], "");
        layerStores = ([], "");
    }

    private static ContainerEngineException? FindRefusalOnDisk(string graphRoot)
    {
        // An existing store wins over the configuration.
        if (Files.TryReadAll(graphRoot + "/overlay/.has-mount-program") is { } marker && marker.AsSpan().StartsWith("true"u8))
            return New("mount_program", $"the store {graphRoot} was made with fuse-overlayfs, whose layers the kernel's overlay reads wrongly",
                graphRoot, "use another graphroot");
        if (Files.TryStatus(graphRoot + "/overlay-layers") is null)
        {
            foreach (var driver in new[] { "vfs", "btrfs", "zfs" })
            {
                if (Files.TryStatus($"{graphRoot}/{driver}-layers") is not null)
                    return New("driver", $"the store {graphRoot} was made with the driver \"{driver}\"", graphRoot, "use another graphroot");
            }
        }
        return null;
    }

    private ContainerEngineException Refuse(string key, string message, string remedy)
    {
        var source = key == "additionallayerstores" ? layerStores.Source : values[key].Source;
        return New(key, $"{message} (key \"{key}\" in {source})", source, remedy);
    }

    private static ContainerEngineException New(string key, string message, string target, string remedy) =>
        new(ErrorKind.Unsupported, "StorageNotWritable", message, target, $"{remedy} ({key})");
}
