using System.Text;
using Podsharp.Engine.Artifacts;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Decides and prepares a container's mounts: those asked for, and the volumes of its image.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="mounts">Those that are mounted while they are used.</param>
/// <param name="overlays">Layers over directories, and images.</param>
/// <param name="artifacts">The files of artifacts.</param>
/// <param name="views">Directories that are shown as the container's user's.</param>
/// <param name="configured">The mounts of containers.conf, which every container gets where it has nothing else at their place.</param>
internal sealed class MountPlanner(VolumeStore volumes, VolumeMounts mounts, OverlayMounts overlays, ArtifactMounts artifacts, OwnerView views, Func<IReadOnlyList<ContainerMount>> configured)
{
    private readonly VolumeFiller filler = new(volumes);

    /// <summary>Decides the mounts at creation: checks what is asked for, names anonymous volumes, adds the image's volumes.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="image">The image's configuration.</param>
    /// <param name="mountsOf">The mounts of another container, by its name or id.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound: the host path or the other container isn't there.</exception>
    internal IReadOnlyList<ContainerMount> Plan(ContainerSpec spec, ImageConfig image, Func<string, IReadOnlyList<ContainerMount>> mountsOf)
    {
        var mounts = new List<ContainerMount>();
        IEnumerable<ContainerMount> asked = SecurityOptions.IsNested(spec.SecurityOptions)
            ? [.. spec.Mounts, new() { Type = MountType.Bind, Source = SecurityOptions.KernelFiles, Target = SecurityOptions.KernelFiles }] : spec.Mounts;
        foreach (var mount in asked.SelectMany(GlobMounts.Expand))
        {
            var planned = Check(mount);
            if (mounts.Any(m => m.Target == planned.Target))
                throw EngineErrors.InvalidArgument($"{planned.Target}: duplicate mount destination", planned.Target, "mount one thing there");
            mounts.Add(planned);
        }
        foreach (var mount in configured().SelectMany(GlobMounts.Expand))
        {
            if (!mounts.Any(other => other.Target == CleanTarget(mount.Target)))
                mounts.Add(Check(mount));
        }
        mounts.AddRange(VolumesFrom.Find(spec.VolumesFrom, mountsOf).Where(other => !mounts.Any(mount => mount.Target == other.Target)));
        foreach (var path in image.Volumes)
        {
            var target = CleanTarget(path);
            if (mounts.Any(m => m.Target == target)) continue;
            switch (spec.ImageVolumes)
            {
                case "ignore":
                    break;
                case "tmpfs":
                    mounts.Add(new ContainerMount { Type = MountType.Tmpfs, Target = target, Options = ["rw"] });
                    break;
                case "" or "anonymous" or "bind":
                    mounts.Add(new ContainerMount { Type = MountType.Volume, Source = VolumeStore.NewAnonymousName(), Target = target });
                    break;
                default:
                    throw EngineErrors.InvalidArgument($"unknown image volume mode \"{spec.ImageVolumes}\"", spec.ImageVolumes, "use anonymous, tmpfs or ignore");
            }
        }
        return mounts;
    }

    /// <summary>Prepares the mounts at a start: makes and fills volumes, and finds the host paths.</summary>
    /// <param name="config">The container.</param>
    /// <param name="rootPath">Its mounted root file system.</param>
    /// <param name="owner">The ids of its user, who gets new volumes and those with the option U; null is root.</param>
    /// <param name="again">Whether the container has run before.</param>
    /// <param name="cancellationToken">Ends copying.</param>
    /// <returns>The mounts, outer ones before inner ones.</returns>
    internal IReadOnlyList<ResolvedMount> Prepare(ContainerConfig config, string rootPath, (uint User, uint Group)? owner = null,
        bool again = false, CancellationToken cancellationToken = default)
    {
        var resolved = new List<ResolvedMount>();
        if (config.Mounts.Any(mount => mount.Type == MountType.Image || mount.Options.Contains("O")))
            overlays.Clear(config.Id);
        foreach (var mount in config.Mounts)
        {
            if (mount.Type == MountType.Artifact)
            {
                resolved.AddRange(artifacts.Resolve(mount, rootPath));
                continue;
            }
            if (mount.Type is MountType.Ramfs or MountType.Devpts or MountType.Image)
            {
                resolved.Add(mount.Type == MountType.Image ? overlays.OfImage(mount, config.Id, resolved.Count) : OverlayMounts.OfKernel(mount));
                continue;
            }
            var owners = SourceOwners.Of(mount, config, owner ?? (0, 0));
            var source = PrepareSource(mount, rootPath, owners, cancellationToken, config.Id);
            if (mount.Type == MountType.Bind) CheckSource(mount, source);
            if (mount.Options.Contains("U") && mount.Type != MountType.Tmpfs) owners = GiveToUser(mount, source, owners, config, cancellationToken);
            // A layer over it has the container's label in any case.
            if (config.MountLabel.Length > 0 && FileLabels.IsAskedFor(mount) && mount.Type != MountType.Tmpfs && !mount.Options.Contains("O"))
                FileLabels.SetTree(source, mount.Options.Contains("z") ? FileLabels.Shared(config.MountLabel) : config.MountLabel, again, cancellationToken);
            if (mount.Options.Contains("O"))
            {
                resolved.Add(overlays.Over(mount, source, config.Id, resolved.Count));
                continue;
            }
            resolved.Add(new ResolvedMount
            {
                Type = mount.Type,
                Source = source,
                Target = mount.Target,
                VolumeName = mount.Type == MountType.Volume ? mount.Source : "",
                UserMap = owners.Users,
                GroupMap = owners.Groups,
                Options = MountOptions.ForRuntime(mount, mount.Type == MountType.Tmpfs ? [] : Restrictions(mount, source)),
            });
        }
        return [.. resolved.OrderBy(m => m.Target.Count(c => c == '/')).ThenBy(m => m.Target, StringComparer.Ordinal)];
    }

    /// <summary>Where a mount's content is on the host, for whoever writes there while the container doesn't run, and whose its files are.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="config">The container.</param>
    /// <param name="rootPath">The container's mounted root file system.</param>
    /// <param name="owner">The host's ids of the container's user.</param>
    /// <param name="cancellationToken">Ends copying.</param>
    internal (string Source, SourceOwners Owners) PrepareToWrite(ContainerMount mount, ContainerConfig config, string rootPath, (uint User, uint Group) owner,
        CancellationToken cancellationToken)
    {
        var owners = SourceOwners.Of(mount, config, owner);
        var source = PrepareSource(mount, rootPath, owners, cancellationToken);
        return (source, FindView(mount, source, owners, config, cancellationToken) ?? owners);
    }

    // Where a mount can show it as the user's, nothing is done to the host's files.
    private SourceOwners GiveToUser(ContainerMount mount, string source, SourceOwners owners, ContainerConfig config, CancellationToken cancellationToken)
    {
        OwnerChange.Check(source);
        if (FindView(mount, source, owners, config, cancellationToken) is { } shown)
            return shown;
        OwnerChange.Apply(source, owners.Owner, cancellationToken);
        return owners;
    }

    // A volume is the containers' own: who owns its files is a part of what they share.
    private SourceOwners? FindView(ContainerMount mount, string source, SourceOwners owners, ContainerConfig config, CancellationToken cancellationToken) =>
        mount.Type == MountType.Bind && mount.Options.Contains("U") && owners is { Users.Count: 0, Groups.Count: 0 }
            && !mount.Options.Contains("O") && !mount.Options.Contains("no-dereference")
            ? views.TryFind(source, owners.Owner, config, cancellationToken) : null;

    // Where a mount's content is on the host; a volume's first use makes and fills it. Without a holder a volume is taken as it is.
    private string PrepareSource(ContainerMount mount, string rootPath, SourceOwners owners, CancellationToken cancellationToken, string? holder = null)
    {
        var source = mount.Type switch
        {
            MountType.Tmpfs => "tmpfs",
            MountType.Volume => filler.Prepare(mount, Content(mount.Source, holder, cancellationToken), rootPath, owners, cancellationToken),
            _ => mount.Source,
        };
        return mount.SubPath is { Length: > 0 } subPath ? Below(source, subPath) : source;
    }

    /// <summary>Where the content of a volume or bind mount is on the host, as things are: a volume that was never used is empty.</summary>
    internal string FindSource(ContainerMount mount, CancellationToken cancellationToken)
    {
        var source = mount.Type == MountType.Volume ? mounts.Find(mount.Source, cancellationToken) : mount.Source;
        return mount.SubPath is { Length: > 0 } subPath ? Below(source, subPath) : source;
    }

    private string Content(string volume, string? holder, CancellationToken cancellationToken) =>
        holder is null ? mounts.Find(volume, cancellationToken) : mounts.Acquire(volume, holder, cancellationToken);

    private ContainerMount Check(ContainerMount mount)
    {
        var target = CleanTarget(mount.Target);
        MountOptions.Check(mount);
        if (mount.SubPath is { Length: > 0 } && mount.Type is not (MountType.Bind or MountType.Volume or MountType.Image))
            throw EngineErrors.Unsupported($"the mount on {target} can't have a subpath: that is for volumes, images and directories", target, "leave it out");
        if (mount is { Type: MountType.Image, SubPath: { Length: > 0 } inside } && !inside.StartsWith('/'))
            throw EngineErrors.InvalidArgument($"volume subpath \"{inside}\" must be an absolute path", inside, "begin it with /");
        switch (mount.Type)
        {
            case MountType.Bind:
                if (!mount.Source.StartsWith('/'))
                    throw EngineErrors.InvalidArgument($"the host path \"{mount.Source}\" of the mount on {target} is not absolute", mount.Source, "give an absolute path");
                var source = Path.GetFullPath(mount.Source);
                CheckSource(mount, source);
                return mount with { Target = target, Source = source };
            case MountType.Volume:
                if (mount.Source.Length > 0) VolumeStore.CheckName(mount.Source);
                CheckRequest(mount);
                return mount with { Target = target, Source = mount.Source.Length > 0 ? mount.Source : VolumeStore.NewAnonymousName() };
            case MountType.Artifact:
                artifacts.CheckArtifact(mount);
                return mount with { Target = target };
            case MountType.Image:
                overlays.CheckImage(mount.Source, target);
                return mount with { Target = target };
            default:
                return mount with { Target = target, Source = "" };
        }
    }

    private void CheckRequest(ContainerMount mount)
    {
        var request = VolumeRequest.Of(mount);
        var row = VolumeOptions.NewRow(request, anonymous: false);
        if (row.Driver == "image")
            overlays.CheckImage(row.Options["image"], mount.Target);
        volumes.Quota.Check(row);
    }

    private static void CheckSource(ContainerMount mount, string source)
    {
        if (Files.TryStatus(source, followLink: !mount.Options.Contains("no-dereference")) is null)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "MountSourceNotFound", $"statfs {source}: no such file or directory", source,
                "make it before it is mounted into a container, or correct the path");
        }
    }

    private static string CleanTarget(string target)
    {
        if (!target.StartsWith('/'))
            throw EngineErrors.InvalidArgument($"invalid container path \"{target}\", must be an absolute path", target, "begin it with /");
        var clean = Path.GetFullPath(target).TrimEnd('/');
        return clean.Length > 0 ? clean : throw EngineErrors.InvalidArgument("a container's root \"/\" can't be a mount's destination", target, "mount below it");
    }

    // The kernel resolves it, so that a link in a volume's content doesn't lead to the host.
    private static string Below(string directory, string subPath)
    {
        using var root = Files.Open(directory, OpenFlags.Path | OpenFlags.Directory);
        var errno = Files.TryOpenConfined(root, subPath.TrimStart('/'), OpenFlags.Path, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, 0, out var found);
        if (errno != Errno.None)
            throw EngineErrors.InvalidArgument($"the subpath \"{subPath}\" is not below {directory}: {LinuxError.Describe(errno)}", subPath, "name a path inside");
        using (found)
            return Encoding.UTF8.GetString(Files.TryReadLink(Files.Absolute, $"/proc/self/fd/{(int)found!.DangerousGetHandle()}") ?? []);
    }

    // The runtime mounts a bind anew with exactly the flags that it is told: what the host forbids below a path stays forbidden, unless the
    // user allows it by name. In volumes, as in memory, there are neither devices nor programs of other users.
    private static List<string> Restrictions(ContainerMount mount, string path)
    {
        var isVolume = mount.Type == MountType.Volume;
        var flags = Files.FileSystem(mount.Options.Contains("no-dereference") ? Path.GetDirectoryName(path) ?? path : path).Flags;
        var restrictions = new List<string>();
        if (isVolume || (flags & 2) != 0) restrictions.Add("nosuid");
        if (isVolume || (flags & 4) != 0) restrictions.Add("nodev");
        if ((flags & 8) != 0) restrictions.Add("noexec");
        return restrictions;
    }
}
