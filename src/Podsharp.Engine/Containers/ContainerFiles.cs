using System.Text;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Single files and directories of containers, into and out of archives.</summary>
/// <remarks>While a container runs, its files are what its processes see. One that doesn't run has its root file system, and on the way to a
/// path what would be mounted there (volumes, directories of the host), as podman has it.</remarks>
internal sealed class ContainerFiles(EngineParts parts)
{
    private const int LongestChainOfLinks = 40;

    // Not files, though they look so.
    private static readonly HashSet<string> Kernels = new(StringComparer.Ordinal) { "dev", "proc", "sys" };

    /// <summary>What is at a path.</summary>
    public FilePathStatus Stat(string nameOrId, string path, CancellationToken cancellationToken)
    {
        using var root = parts.Roots.OpenForReading(nameOrId);
        var place = Parse(root, path);
        for (var links = 0; ; links++)
        {
            var (status, leadsTo) = Look(root, place, cancellationToken);
            // A link that leads nowhere is what it leads to: a copy makes that.
            if (status.Exists || leadsTo is null || links == LongestChainOfLinks)
                return status;
            place = place.Follow(leadsTo);
        }
    }

    /// <summary>Writes a file, or a directory with all that is in it, as a tar. All of it belongs to the container's user, as podman has it.</summary>
    public void Read(string nameOrId, string path, string entryName, Stream archive, CancellationToken cancellationToken)
    {
        using var root = parts.Roots.OpenForReading(nameOrId);
        using var place = Locate(root, Parse(root, path), cancellationToken);
        Check(place.TryOpen(followLink: true, out var file), nameOrId, path);
        using (file)
        {
            var writer = new TarWriter(archive);
            new TreeArchiver(writer, cancellationToken) { Owner = UserOf(root) }
                .AddOpened(file!, Encoding.UTF8.GetBytes(entryName), place.IsRoot ? Kernels : null);
            writer.Finish();
        }
    }

    /// <summary>Unpacks an archive into a directory.</summary>
    public async Task WriteAsync(string nameOrId, string directory, Stream archive, FileUnpackOptions options, CancellationToken cancellationToken)
    {
        using var root = parts.Roots.OpenForWriting(nameOrId, cancellationToken);
        var owner = options.TakeOwnership ? UserOf(root) : ((uint, uint)?)null;
        Volumes.SourceOwners? owners = null;
        using var place = Locate(root, Parse(root, directory), cancellationToken, mount =>
        {
            (var source, owners) = parts.Mounts.PrepareToWrite(mount, root.Record.Config, root.Path, OnHost(root), cancellationToken);
            return source;
        });
        Check(place.TryOpen(followLink: true, out var target), nameOrId, directory);
        byte[] prefix;
        using (target)
        {
            if (!Files.Status(target!).IsDirectory)
                throw EngineErrors.InvalidArgument($"\"{directory}\" of container {nameOrId} is not a directory", directory, "name the directory to copy into");
            prefix = place.RealPath(target!);
        }
        using var extractor = new TreeExtractor(place.Root, prefix, new ExtractOptions
        {
            Owner = owner,
            UserMap = root.Record.Config.UserIdMap,
            GroupMap = root.Record.Config.GroupIdMap,
            // Into a mount that shows other owners only those can write that it shows.
            Maker = root.IsLive && root.Record.Config.UserIdMap.Count > 0 && !parts.Host.InUserNamespace ? root.Record.Config.OnHost(0, 0) : null,
            ShownUsers = owners?.Users ?? [],
            ShownGroups = owners?.Groups ?? [],
            Overwrite = options.Overwrite,
        });
        await ArchiveInput.RunAsync(archive, extractor.Extract, cancellationToken);
    }

    private (FilePathStatus Status, string? LeadsTo) Look(ContainerRoot root, ContainerPath path, CancellationToken cancellationToken)
    {
        using var place = Locate(root, path, cancellationToken);
        var missing = new FilePathStatus { Path = path.ToString() };
        if (place.TryOpen(followLink: false, out var file) != Errno.None)
            return (missing, null);
        using (file)
        {
            var status = Files.Status(file!);
            if (!status.IsSymlink)
                return (FileStatuses.Of(path.ToString(), status), null);
            if (place.TryOpen(followLink: true, out var target) != Errno.None)
                return (missing, Files.TryReadLink(file!, "") is { } link ? Encoding.UTF8.GetString(link) : null);
            using (target)
            {
                var real = place.IsMountedFile ? path : path with { Absolute = place.RealPathInContainer(target!) };
                return (FileStatuses.Of(real.ToString(), Files.Status(target!)), null);
            }
        }
    }

    // The innermost mount on the way; memory is there only while the container runs.
    private ContainerPlace Locate(ContainerRoot root, ContainerPath path, CancellationToken cancellationToken, Func<ContainerMount, string>? prepare = null)
    {
        var mount = root.IsLive ? null : root.Record.Config.Mounts
            .Where(mount => mount.Type is MountType.Bind or MountType.Volume && (path.Absolute == mount.Target || path.Absolute.StartsWith(mount.Target + "/", StringComparison.Ordinal)))
            .MaxBy(mount => mount.Target.Length);
        if (mount is null)
            return new(root.Directory, path.Relative, owned: false);
        var source = prepare is null ? parts.Mounts.FindSource(mount, cancellationToken) : prepare(mount);
        var rest = path.Absolute[mount.Target.Length..].TrimStart('/');
        return Files.TryStatus(source) is not { IsDirectory: false }
            ? new(Files.Open(source, OpenFlags.Directory), rest, owned: true) { MountedOn = mount.Target }
            : new(Files.Open(Path.GetDirectoryName(source)!, OpenFlags.Directory), Path.GetFileName(source), owned: true) { IsMountedFile = true };
    }

    private ContainerPath Parse(ContainerRoot root, string path) => ContainerPath.Parse(path, parts.Specs.Preview(root.Record.Config).WorkingDirectory);

    private (uint UserId, uint GroupId) UserOf(ContainerRoot root)
    {
        var user = parts.Accounts.ResolveUser(root.Record.Config, root.Path);
        return (user.UserId, user.GroupId);
    }

    private (uint UserId, uint GroupId) OnHost(ContainerRoot root)
    {
        var (user, group) = UserOf(root);
        return root.Record.Config.OnHost(user, group);
    }

    private static void Check(Errno errno, string nameOrId, string path)
    {
        if (errno is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks)
            throw new ContainerEngineException(ErrorKind.NotFound, "ContainerPathNotFound",
                $"\"{path}\" could not be found on container {nameOrId}: {LinuxError.Describe(errno).ToLowerInvariant()}", path);
        LinuxError.Check(errno, "open", path);
    }
}
