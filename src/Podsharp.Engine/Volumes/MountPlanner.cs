using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Decides and prepares a container's mounts: those asked for, and the volumes of its image.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="rootless">In a user namespace the restrictions of the host's mounts can't be taken off, so they are repeated.</param>
internal sealed class MountPlanner(VolumeStore volumes, bool rootless)
{
    /// <summary>Decides the mounts at creation: checks what is asked for, names anonymous volumes, adds the image's volumes.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="image">The image's configuration.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound: the host path isn't there.</exception>
    internal IReadOnlyList<ContainerMount> Plan(ContainerSpec spec, ImageConfig image)
    {
        var mounts = new List<ContainerMount>();
        foreach (var mount in spec.Mounts)
        {
            var planned = Check(mount);
            if (mounts.Any(m => m.Target == planned.Target))
                throw EngineErrors.InvalidArgument($"{planned.Target}: duplicate mount destination", planned.Target, "mount one thing there");
            mounts.Add(planned);
        }
        foreach (var path in image.Volumes)
        {
            var target = CleanTarget(path);
            if (mounts.Any(m => m.Target == target)) continue;
            switch (spec.ImageVolumes)
            {
                case "ignore":
                    break;
                case "tmpfs":
                    mounts.Add(new ContainerMount { Type = MountType.Tmpfs, Target = target, Options = ["notmpcopyup", "rw"] });
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
    /// <param name="cancellationToken">Ends copying.</param>
    /// <returns>The mounts, outer ones before inner ones.</returns>
    internal IReadOnlyList<ResolvedMount> Prepare(ContainerConfig config, string rootPath, (uint User, uint Group)? owner = null,
        CancellationToken cancellationToken = default)
    {
        var resolved = new List<ResolvedMount>();
        foreach (var mount in config.Mounts)
        {
            var source = mount.Type switch
            {
                MountType.Tmpfs => "tmpfs",
                MountType.Volume => PrepareVolume(mount, rootPath, owner, cancellationToken),
                _ => mount.Source,
            };
            if (mount.SubPath is { Length: > 0 } subPath) source = Below(source, subPath);
            if (mount.Type == MountType.Bind) CheckSource(source);
            if (mount.Options.Contains("U") && mount.Type != MountType.Tmpfs) OwnerChange.Apply(source, owner ?? (0, 0), cancellationToken);
            resolved.Add(new ResolvedMount
            {
                Type = mount.Type,
                Source = source,
                Target = mount.Target,
                VolumeName = mount.Type == MountType.Volume ? mount.Source : "",
                Options = MountOptions.ForRuntime(mount, rootless && mount.Type != MountType.Tmpfs ? Restrictions(source) : []),
            });
        }
        return [.. resolved.OrderBy(m => m.Target.Count(c => c == '/')).ThenBy(m => m.Target, StringComparer.Ordinal)];
    }

    private static ContainerMount Check(ContainerMount mount)
    {
        var target = CleanTarget(mount.Target);
        MountOptions.Check(mount);
        if (mount.SubPath is { Length: > 0 } && mount.Type == MountType.Tmpfs)
            throw EngineErrors.InvalidArgument($"the mount on {target} can't have a subpath: it is memory", target);
        switch (mount.Type)
        {
            case MountType.Bind:
                if (!mount.Source.StartsWith('/'))
                    throw EngineErrors.InvalidArgument($"the host path \"{mount.Source}\" of the mount on {target} is not absolute", mount.Source, "give an absolute path");
                var source = Path.GetFullPath(mount.Source);
                CheckSource(source);
                return mount with { Target = target, Source = source };
            case MountType.Volume:
                if (mount.Source.Length == 0) return mount with { Target = target, Source = VolumeStore.NewAnonymousName() };
                VolumeStore.CheckName(mount.Source);
                return mount with { Target = target };
            default:
                return mount with { Target = target, Source = "" };
        }
    }

    private static void CheckSource(string source)
    {
        if (Files.TryStatus(source) is null)
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

    private string PrepareVolume(ContainerMount mount, string rootPath, (uint User, uint Group)? owner, CancellationToken cancellationToken)
    {
        var data = volumes.Ensure(mount.Source, cancellationToken);
        if (!volumes.NeedsCopyUp(mount.Source)) return data;
        using var held = volumes.Lock(mount.Source, cancellationToken);
        if (!volumes.NeedsCopyUp(mount.Source)) return data;
        volumes.MakeDirectory(mount.Source);
        if (Files.ReadDirectory(data).Count == 0) Fill(mount, data, rootPath, owner, cancellationToken);
        volumes.ClearCopyUp(mount.Source);
        return data;
    }

    // An empty volume takes what the image has at its place: content, owner, mode. Without anything there it is its user's.
    private static void Fill(ContainerMount mount, string data, string rootPath, (uint User, uint Group)? owner, CancellationToken cancellationToken)
    {
        using var root = Files.Open(rootPath, OpenFlags.Path | OpenFlags.Directory);
        var errno = Files.TryOpenConfined(root, mount.Target.TrimStart('/'), OpenFlags.ReadOnly | OpenFlags.Directory,
            ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var source);
        if (errno is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks)
        {
            if (owner is { } ids) LinuxError.Check(Files.TryChangeOwner(Files.Absolute, data, ids.User, ids.Group), "change the owner of", data);
            return;
        }
        LinuxError.Check(errno, "open in the image", mount.Target);
        using (source)
        {
            var copy = !mount.Options.Contains("nocopy") && mount.SubPath is null or "";
            Replace(source!, data, copy, cancellationToken);
        }
    }

    // Made beside and renamed, so that a kill leaves the volume empty and the next start begins anew.
    private static void Replace(SafeFileHandle source, string data, bool content, CancellationToken cancellationToken)
    {
        var status = Files.Status(source);
        var staging = data + "-copy";
        Files.RemoveTree(staging);
        LinuxError.Check(Files.TryMakeDirectory(Files.Absolute, staging, 0x1C0), "create the directory", staging);
        using (var target = Files.Open(staging, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow))
        {
            if (content)
            {
                TreeCopy.Copy(source, target, cancellationToken);
            }
            else
            {
                LinuxError.Check(Files.TryChangeOwner(target, status.UserId, status.GroupId), "change the owner of", staging);
                Files.ChangeMode(target, status.Mode & ModeBits.PermissionMask);
            }
        }
        LinuxError.Check(Files.TryRename(staging, data), "rename to", data);
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

    private static IReadOnlyList<string> Restrictions(string path)
    {
        var mount = Mounts.Read().Where(m => path == m.MountPoint || path.StartsWith(m.MountPoint.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(m => m.MountPoint.Length);
        return mount is null ? [] : [.. mount.Options.Split(',').Where(o => o is "nosuid" or "nodev" or "noexec")];
    }
}
