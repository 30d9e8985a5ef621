using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>The options of one overlay mount, and the three ways to hand them to the kernel.</summary>
internal sealed class OverlayOptions
{
    private readonly List<KeyValuePair<string, string?>> parameters = [];
    private MountFlags flags;

    private OverlayOptions()
    {
    }

    /// <summary>The options of a read-write layer.</summary>
    internal static OverlayOptions Create(StorageConfiguration configuration, StoredLayer layer, bool isVolatile)
    {
        var options = new OverlayOptions();
        options.Add("upperdir", layer.DirectoryPath + "/diff");
        options.Add("workdir", layer.DirectoryPath + "/work");
        if (isVolatile)
            options.Add("volatile", null);
        return options.Complete(configuration, layer);
    }

    /// <summary>The options of layers that are only read.</summary>
    internal static OverlayOptions CreateReadOnly(StorageConfiguration configuration, StoredLayer layer) =>
        new OverlayOptions { flags = MountFlags.ReadOnly }.Complete(configuration, layer);

    private OverlayOptions Complete(StorageConfiguration configuration, StoredLayer layer)
    {
        if (configuration.Rootless)
            Add("userxattr", null);
        foreach (var option in configuration.MountOptions?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (Flag(option) is { } flag)
            {
                flags |= flag;
                continue;
            }
            // The kernel refuses metacopy together with userxattr.
            if (configuration.Rootless && option.StartsWith("metacopy=", StringComparison.Ordinal))
                continue;
            var parts = option.Split('=', 2);
            Add(parts[0], parts.Length == 2 ? parts[1] : null);
        }
        // A kernel that was booted without SELinux since doesn't know the option.
        if (layer.MountLabel is not null && File.Exists(Security.SecurityOptions.KernelFiles + "/enforce"))
            Add("context", $"\"{layer.MountLabel}\"");
        return this;
    }

    /// <summary>Mounts: with plain mount(2) if the options fit in a page; else part by part; else, on kernels before 6.8, by the short
    /// relative links from a thread that stands in the driver's directory.</summary>
    /// <param name="driverRoot">The driver's directory.</param>
    /// <param name="layers">The lower layers.</param>
    /// <param name="lowers">Their directories.</param>
    /// <param name="target">Where to mount.</param>
    internal Errno TryMount(string driverRoot, IReadOnlyList<StoredLayer> layers, IReadOnlyList<string> lowers, string target)
    {
        var text = Join(lowers);
        if (Encoding.UTF8.GetByteCount(text) <= Mounts.MaximumOptions)
            return Mounts.TryMount("overlay", target, "overlay", flags, text);
        var errno = Mounts.TryMountOverlayByParts(lowers, parameters.Select(Unquote), target, Attributes());
        if (errno is not (Errno.Invalid or Errno.NotImplemented))
            return errno;
        // A layer without parent has something else below it.
        var relative = Join([.. lowers.Select((lower, i) => i < layers.Count ? ShortLink(layers[i], driverRoot) ?? lower : lower)]);
        return Mounts.TryMountFrom(driverRoot, "overlay", target, "overlay", flags, relative);
    }

    /// <summary>Mounts with lower layers that are the directories 0, 1, 2 ... of a place.</summary>
    internal Errno TryMountRelative(string place, int count, string target) =>
        Mounts.TryMountFrom(place, "overlay", target, "overlay", flags, Join([.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))]));

    private void Add(string key, string? value) => parameters.Add(new(key, value));

    private string Join(IReadOnlyList<string> lowers)
    {
        var text = new StringBuilder("lowerdir=").AppendJoin(':', lowers.Select(lower => Escape(lower).Replace(":", "\\:", StringComparison.Ordinal)));
        foreach (var (key, value) in parameters)
        {
            text.Append(',').Append(key);
            if (value is not null)
                text.Append('=').Append(key == "context" ? value : Escape(value));
        }
        return text.ToString();
    }

    private static string Escape(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    private static KeyValuePair<string, string?> Unquote(KeyValuePair<string, string?> option) => new(option.Key, option.Value?.Trim('"'));

    private static string? ShortLink(StoredLayer layer, string driverRoot) =>
        layer.DirectoryPath.StartsWith(driverRoot + "/", StringComparison.Ordinal)
        && Files.TryReadAll(layer.DirectoryPath + "/link") is { Length: > 0 } link ? "l/" + Encoding.ASCII.GetString(link) : null;

    // MOUNT_ATTR_* of mount_setattr(2).
    private uint Attributes() =>
        (flags.HasFlag(MountFlags.ReadOnly) ? 1u : 0) | (flags.HasFlag(MountFlags.NoSetUserId) ? 2u : 0)
        | (flags.HasFlag(MountFlags.NoDevices) ? 4u : 0) | (flags.HasFlag(MountFlags.NoExecute) ? 8u : 0)
        | (flags.HasFlag(MountFlags.NoAccessTime) ? 0x10u : 0);

    private static MountFlags? Flag(string option) => option switch
    {
        "nodev" => MountFlags.NoDevices,
        "nosuid" => MountFlags.NoSetUserId,
        "noexec" => MountFlags.NoExecute,
        "noatime" => MountFlags.NoAccessTime,
        "relatime" => MountFlags.RelativeAccessTime,
        "ro" => MountFlags.ReadOnly,
        "rw" or "dev" or "suid" or "exec" => MountFlags.None,
        _ => null,
    };
}
