using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>The options of mounts: which are ours to carry out, which go to the runtime, and what is added by default.</summary>
internal static class MountOptions
{
    private static readonly HashSet<string> Propagation = ["shared", "rshared", "slave", "rslave", "private", "rprivate", "unbindable", "runbindable"];

    private static readonly HashSet<string> Flags =
    [
        "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "bind", "rbind", "atime", "noatime", "diratime", "nodiratime", "relatime",
        "norelatime", "strictatime", "nostrictatime", "sync", "async", "dirsync", "nosymfollow", "symfollow", "rro",
    ];

    // Carried out by the engine, or of no meaning on Linux.
    private static readonly HashSet<string> Own = ["z", "Z", "U", "O", "copy", "nocopy", "cached", "delegated", "consistent"];

    private static readonly string[] DevptsValues = ["uid=", "gid=", "mode=", "ptmxmode=", "max=", "newinstance"];

    private static readonly string[] TmpfsValues = ["size=", "mode=", "uid=", "gid=", "nr_inodes=", "nr_blocks=", "huge="];

    /// <summary>Whether an option says how mounts propagate.</summary>
    internal static bool IsPropagation(string option) => Propagation.Contains(option);

    /// <summary>Checks the options of a mount.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: unknown or contradicting; Unsupported: foreseen but not built.</exception>
    internal static void Check(ContainerMount mount)
    {
        if (mount.Type == MountType.Artifact)
        {
            Artifacts.ArtifactMounts.Check(mount);
            return;
        }
        foreach (var raw in mount.Options)
        {
            var option = Canonical(raw);
            var tmpfs = mount.Type is MountType.Tmpfs or MountType.Ramfs;
            var known = Flags.Contains(option) || Propagation.Contains(option) || Own.Contains(option)
                || (mount.Type == MountType.Volume && VolumeRequest.IsOption(option)) || (mount.Type is MountType.Bind or MountType.Volume && IsShown(option))
                || (mount.Options.Contains("O") && OverlayDirectory(option) is not null)
                || (mount.Type == MountType.Devpts && DevptsValues.Any(v => option.StartsWith(v, StringComparison.Ordinal)))
                || (tmpfs && (option is "tmpcopyup" or "notmpcopyup" || TmpfsValues.Any(v => option.StartsWith(v, StringComparison.Ordinal))));
            if (!known || (tmpfs && option is "bind" or "rbind"))
                throw EngineErrors.InvalidArgument($"unknown option \"{raw}\" of the mount on {mount.Target}", raw, "see podsharp run --help for the options of mounts");
        }
        if (mount.Options.Contains("O"))
            CheckOverlay(mount);
        if (mount.Options.Count(IdMapOption.Is) > 1)
            throw EngineErrors.InvalidArgument($"the 'idmap' option of the mount on {mount.Target} can only be set once", mount.Target, "give it once");
        if (mount.Options.FirstOrDefault(IdMapOption.Is) is { } map)
            IdMapOption.Check(map);
        CheckOneOf(mount, "ro", "rw");
        CheckOneOf(mount, "exec", "noexec");
        CheckOneOf(mount, "suid", "nosuid");
        CheckOneOf(mount, "dev", "nodev");
        CheckOneOf(mount, "z", "Z");
        CheckOneOf(mount, "copy", "nocopy");
        CheckOneOf(mount, [.. Propagation]);
    }

    /// <summary>The runtime's options for a mount.</summary>
    /// <param name="mount">The mount, checked.</param>
    /// <param name="inherited">Restrictions of the host's mount: nosuid, nodev, noexec.</param>
    internal static IReadOnlyList<string> ForRuntime(ContainerMount mount, IReadOnlyList<string> inherited)
    {
        var options = mount.Options.Select(Canonical).Where(o => !Own.Contains(o) && !IdMapOption.Is(o) && !VolumeRequest.IsOption(o)).Distinct().ToList();
        var tmpfs = mount.Type == MountType.Tmpfs;
        if (!tmpfs && !options.Contains("bind") && !options.Contains("rbind")) options.Add("rbind");
        if (!options.Contains("ro") && !options.Contains("rw")) options.Add("rw");
        if (!options.Any(IsPropagation)) options.Add(options.Contains("bind") ? "private" : "rprivate");
        // podman's defaults for memory; what the user allows explicitly stays allowed.
        foreach (var restriction in tmpfs ? ["nosuid", "nodev"] : inherited)
        {
            if (!options.Contains(restriction) && !options.Contains(restriction[2..])) options.Add(restriction);
        }
        if (tmpfs && !options.Contains("notmpcopyup") && !options.Contains("tmpcopyup")) options.Add("tmpcopyup");
        return options;
    }

    // How the runtime shows the source.
    private static bool IsShown(string option) => option == "no-dereference" || IdMapOption.Is(option);

    /// <summary>The directory that the option upperdir or workdir names; null for any other option.</summary>
    private static string? OverlayDirectory(string option) => option.Split('=', 2) is ["upperdir" or "workdir", var path] ? path : null;

    private static void CheckOverlay(ContainerMount mount)
    {
        if (mount.Type is not (MountType.Bind or MountType.Volume))
            throw EngineErrors.InvalidArgument($"the option O of the mount on {mount.Target} is for directories and volumes", mount.Target, "leave it out");
        foreach (var option in mount.Options)
            if (option is not ("O" or "U" or "z" or "Z") && OverlayDirectory(option) is null)
                throw EngineErrors.InvalidArgument($"can't use 'O' with other options: the mount on {mount.Target} has {option}", option, "only upperdir=, workdir= and U go with it");
        var given = mount.Options.Select(OverlayDirectory).Where(path => path is not null).ToList();
        if (given.Count is not (0 or 2) || mount.Options.Any(option => option == "upperdir=") || mount.Options.Any(option => option == "workdir="))
            throw EngineErrors.InvalidArgument("must set both `upperdir` and `workdir`", mount.Target, "give both, or neither");
        if (given.Any(path => !path!.StartsWith('/') || !Directory.Exists(path)))
            throw EngineErrors.InvalidArgument($"the directories upperdir and workdir of the mount on {mount.Target} must be absolute paths of directories that exist", mount.Target, "make them first");
    }

    private static string Canonical(string option) => option switch
    {
        "readonly" or "ro=true" or "readonly=true" => "ro",
        "ro=false" or "readonly=false" => "rw",
        _ when option.StartsWith("consistency=", StringComparison.Ordinal) => "cached",
        _ => option,
    };

    private static void CheckOneOf(ContainerMount mount, params IReadOnlyList<string> group)
    {
        var given = mount.Options.Select(Canonical).Where(group.Contains).Distinct().ToList();
        if (given.Count > 1)
        {
            throw EngineErrors.InvalidArgument($"the options \"{given[0]}\" and \"{given[1]}\" of the mount on {mount.Target} exclude each other", mount.Target,
                "give one of them");
        }
    }
}
