using System.Runtime.CompilerServices;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep;

/// <summary>Removes what nothing uses: pods and containers that don't run, images, volumes, networks, files without a record.</summary>
/// <remarks>What is removed is looked up again for each kind: images that only a removed container used go with it. Between that look and
/// a removal somebody may come to use a thing; then it stays, without a word.</remarks>
internal sealed class StorageCleaner(EngineParts parts)
{
    private static readonly StorageKind[] Order =
        [StorageKind.Pod, StorageKind.Container, StorageKind.Image, StorageKind.Volume, StorageKind.Network, StorageKind.Leftover, StorageKind.BuildCache];

    /// <summary>Removes it, or tells what would be removed.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such filter.</exception>
    public async IAsyncEnumerable<PruneReport> RunAsync(PruneOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(options);
        if (!options.DryRun && options.Kinds.Contains(StorageKind.Container))
            await Task.Run(() => parts.BuildContainers.Sweep(cancellationToken), cancellationToken);
        // In a plan, containers that would go use nothing any more.
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in Order.Where(options.Kinds.Contains))
        {
            foreach (var item in await Task.Run(() => Find(kind, options, gone, cancellationToken), cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (options.Only?.Contains(item.Id) == false)
                    continue;
                if (options.DryRun)
                {
                    gone.UnionWith(ContainersOf(item));
                    yield return item with { Planned = true };
                }
                else if (await Task.Run(() => TryRemove(item, cancellationToken), cancellationToken))
                {
                    yield return item;
                }
            }
        }
    }

    private static void Check(PruneOptions options)
    {
        foreach (var key in options.Filters.Keys)
        {
            // What is asked of volumes alone may be anything that is known of them; who uses them is the question itself.
            if (options.Kinds is [StorageKind.Volume] && key is not "dangling")
                continue;
            if (key is not ("label" or "label!" or "until"))
                throw EngineErrors.InvalidArgument($"\"{key}\" is not a filter for unused things", key, "use label, label! or until");
        }
    }

    private List<PruneReport> Find(StorageKind kind, PruneOptions options, HashSet<string> gone, CancellationToken cancellationToken) => kind switch
    {
        StorageKind.Pod => [.. Pods(options, cancellationToken)],
        StorageKind.Container => [.. BuildContainers(options), .. Containers(options, gone, cancellationToken)],
        StorageKind.Image => new UnusedImages(parts, options, gone).Find(),
        StorageKind.Volume => Volumes(options, gone, cancellationToken),
        StorageKind.Network => [.. parts.NetworkCatalog.Unused(options.Filters, gone)],
        StorageKind.BuildCache => [.. new Build.CacheDirectories(parts).List(cancellationToken).Select(cache => new PruneReport { Kind = kind, Id = cache.Name, Size = cache.Size })],
        _ => [.. parts.Storage.FindLeftovers().Select(path => new PruneReport { Kind = kind, Id = path })],
    };

    // podman passes filters over for pods, and so removes what was to be kept.
    private IEnumerable<PruneReport> Pods(PruneOptions options, CancellationToken cancellationToken) =>
        parts.PodLister.List(new() { Unused = true, Filters = options.Filters }).OrderByDescending(pod => pod.Created).Select(pod => new PruneReport
        {
            Kind = StorageKind.Pod,
            Id = pod.Id,
            Name = pod.Name,
            Size = pod.Containers.Sum(container => parts.Sizes.OwnSize(container.Id, cancellationToken)),
        });

    /// <summary>The containers that go with something.</summary>
    private IEnumerable<string> ContainersOf(PruneReport item) => item.Kind switch
    {
        StorageKind.Pod => parts.Pods.Members(item.Id),
        StorageKind.Container => [item.Id],
        _ => [],
    };

    // The youngest first: what requires another one was made after it.
    private IEnumerable<PruneReport> Containers(PruneOptions options, HashSet<string> gone, CancellationToken cancellationToken) => parts.Lister
        .List(new() { Unused = true, Filters = options.Filters }).Where(container => !gone.Contains(container.Id)).OrderByDescending(container => container.Created)
        .Select(container => new PruneReport
        {
            Kind = StorageKind.Container,
            Id = container.Id,
            Name = container.Name,
            Size = parts.Sizes.OwnSize(container.Id, cancellationToken),
        });

    /// <summary>Records of containers in the shared store in which a build keeps its notes.</summary>
    private IEnumerable<PruneReport> BuildContainers(PruneOptions options) => !options.BuildContainers ? []
        : parts.Storage.ListContainers()
            .Where(container => Files.TryStatus(parts.Storage.StaticDirectory(container.Id) + "/buildah.json") is not null)
            .Select(container => new PruneReport
            {
                Kind = StorageKind.Container,
                Id = container.Id,
                Name = container.Names.FirstOrDefault() ?? "",
                Size = parts.Sizes.OwnSize(container.Id, CancellationToken.None),
            });

    private List<PruneReport> Volumes(PruneOptions options, HashSet<string> gone, CancellationToken cancellationToken) =>
    [
        .. new Podsharp.Engine.Volumes.VolumeFilter(options.Filters, parts.Volumes).Apply(parts.Volumes.List())
            .Where(volume => parts.Volumes.UsersOf(volume.Name).All(gone.Contains))
            .Select(volume => new PruneReport
            {
                Kind = StorageKind.Volume,
                Id = volume.Name,
                Name = volume.Name,
                Size = Storage.TreeSize.Of(volume.MountPoint, cancellationToken),
            }),
    ];

    // False where it came into use, or somebody else was quicker.
    private bool TryRemove(PruneReport item, CancellationToken cancellationToken)
    {
        try
        {
            switch (item.Kind)
            {
                case StorageKind.Pod:
                    return parts.PodRemover.Remove(item.Id, new PodRemoveOptions { Ignore = true }, cancellationToken) is not null;
                case StorageKind.Container when parts.Containers.Find(item.Id) is null:
                    parts.Storage.RemoveContainer(item.Id);
                    break;
                case StorageKind.Container:
                    parts.Remover.Remove(item.Id, new RemoveOptions(), cancellationToken);
                    break;
                case StorageKind.Image:
                    parts.Remover.RemoveUnusedImage(item.Id);
                    break;
                case StorageKind.Volume:
                    parts.Volumes.Prune(item.Id, cancellationToken);
                    break;
                case StorageKind.Network:
                    parts.NetworkCatalog.Prune(item.Id, cancellationToken);
                    break;
                case StorageKind.BuildCache:
                    return new Build.CacheDirectories(parts).TryRemove(item.Id);
                default:
                    return parts.Storage.RemoveLeftover(item.Id);
            }
            return true;
        }
        catch (ContainerEngineException e) when (e.Kind is ErrorKind.InUse or ErrorKind.InvalidState or ErrorKind.NotFound)
        {
            return false;
        }
    }
}
