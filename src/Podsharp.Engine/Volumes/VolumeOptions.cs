using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>The options of volumes' drivers, by podman's rules.</summary>
internal sealed record VolumeOptions
{
    /// <summary>The options as they are kept: with podman's own members for what <c>o</c> says (UID, GID, SIZE, INODES).</summary>
    internal required IReadOnlyDictionary<string, string> Kept { get; init; }

    /// <summary>The owner that <c>o</c> gives.</summary>
    internal uint? UserId { get; init; }

    /// <summary>The group that <c>o</c> gives.</summary>
    internal uint? GroupId { get; init; }

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; Unsupported.</exception>
    internal static VolumeOptions Read(string name, string driver, IReadOnlyDictionary<string, string> given) => driver switch
    {
        "local" => Local(given),
        "image" => Image(given),
        _ => throw new ContainerEngineException(ErrorKind.MissingComponent, "VolumePluginMissing",
            $"volume {name} uses volume plugin {driver} but it could not be retrieved: no volume plugin with name {driver} available: required plugin missing", driver, "use local or image"),
    };

    /// <summary>The row of a new volume.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="Read"/>.</exception>
    internal static VolumeTable.Row NewRow(VolumeSpec spec, bool anonymous)
    {
        var options = Read(spec.Name, spec.Driver, spec.Options);
        var isImage = spec.Driver == "image";
        var (user, group) = (spec.UserId ?? options.UserId, spec.GroupId ?? options.GroupId);
        return new(spec.Name, DateTimeOffset.UtcNow, anonymous, spec.Labels, NeedsCopyUp: !isImage)
        {
            OwnerSettled = (user ?? group) is not null || isImage,
            UserId = user,
            GroupId = group,
            Driver = spec.Driver,
            Options = options.Kept,
            Layer = isImage ? Containers.ContainerNames.NewId() : "",
        };
    }

    /// <summary>What <c>mount -o</c> is told.</summary>
    internal static string ForMount(IReadOnlyDictionary<string, string> options) => string.Join(',', Words(options).Where(word => word is not "noquota"));

    private static VolumeOptions Image(IReadOnlyDictionary<string, string> given)
    {
        if (given.GetValueOrDefault("image", "").Length == 0)
            throw EngineErrors.InvalidArgument("must provide an image name when creating a volume with the image driver: invalid argument", "image", "give --opt image=NAME");
        foreach (var option in given.Keys)
            if (option != "image")
                throw EngineErrors.InvalidArgument($"invalid option {option} for driver 'image': invalid argument", option, "it takes image=NAME alone");
        return new() { Kept = given };
    }

    private static VolumeOptions Local(IReadOnlyDictionary<string, string> given)
    {
        foreach (var option in given.Keys)
            if (option is not ("type" or "device" or "o" or "copy" or "nocopy"))
                throw EngineErrors.InvalidArgument($"invalid mount option {option} for driver 'local': invalid argument", option, "use type, device, o, copy or nocopy");
        if (given.ContainsKey("copy") && given.ContainsKey("nocopy"))
            throw EngineErrors.InvalidArgument("the volume options copy and nocopy exclude each other", "copy", "give one of them");
        var kept = new Dictionary<string, string>(given, StringComparer.Ordinal);
        var result = new VolumeOptions { Kept = kept };
        var mounts = given.ContainsKey("type") || given.ContainsKey("device");
        foreach (var word in Words(given))
        {
            var (option, value) = word.Split('=', 2) is [var left, var right] ? (left.ToLowerInvariant(), right) : (word.ToLowerInvariant(), "");
            switch (option)
            {
                case "uid":
                    result = result with { UserId = Id("UID", value) };
                    kept["UID"] = value;
                    break;
                case "gid":
                    result = result with { GroupId = Id("GID", value) };
                    kept["GID"] = value;
                    break;
                case "size" or "inodes":
                    CheckLimit(option, value, mounts);
                    kept[option.ToUpperInvariant()] = value;
                    break;
                case "noquota":
                    kept["NOQUOTA"] = "true";
                    break;
                case "timeout":
                    throw EngineErrors.InvalidArgument("running volume create option: Volume driver timeout can only be used with non-local volume drivers: invalid argument", word, "leave it out");
                default:
                    if (!mounts)
                        throw EngineErrors.InvalidArgument($"the volume option o={word} is for mount(8), and nothing is mounted without type or device", word, "give --opt type=... or --opt device=..., too");
                    break;
            }
        }
        if (kept.ContainsKey("NOQUOTA") && (kept.ContainsKey("SIZE") || kept.ContainsKey("INODES")))
            throw EngineErrors.InvalidArgument("volume options size and inodes cannot be used without quota", "noquota", "leave noquota out");
        return result;
    }

    // A file system that is mounted has limits of its own, a directory those of a project quota.
    private static void CheckLimit(string option, string value, bool mounts)
    {
        if (option == "inodes" && !mounts)
        {
            _ = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? true
                : throw EngineErrors.InvalidArgument($"cannot convert INODES {value} to integer", value, "give a number");
            return;
        }
        if (option == "inodes")
            throw EngineErrors.InvalidArgument("the limit inodes is one of project quotas; file systems have their own options", option, "for memory use nr_inodes=NUMBER");
        if (!mounts || !value.EndsWith('%'))
            _ = ByteSize.Parse(value);
    }

    private static IEnumerable<string> Words(IReadOnlyDictionary<string, string> options) => options.GetValueOrDefault("o", "").Split(',').Where(word => word.Length > 0);

    private static uint Id(string what, string value) => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw EngineErrors.InvalidArgument($"cannot convert {what} {value} to integer", value, "give a number");
}
