using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>What containers and images change in the image or layers below.</summary>
internal sealed class FileSystemChanges(EngineParts parts)
{
    // What engines put into every container to mount over, and the directories they mount on: nobody's change. The same as podman's.
    private static readonly HashSet<string> EnginesOwn = new(StringComparer.Ordinal)
    {
        "/dev", "/etc/hostname", "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc", "/run", "/run/.containerenv", "/run/notify",
        "/run/podman-init", "/run/secrets", "/sys",
    };

    /// <summary>A container's changes to its image.</summary>
    /// <exception cref="ContainerEngineException">NotFound; Unsupported for a container without an image.</exception>
    public IReadOnlyList<FileSystemChange> OfContainer(string nameOrId, CancellationToken cancellationToken)
    {
        var record = parts.Containers.Get(parts.Containers.Resolve(nameOrId));
        if (record.Config.Spec.RootFs is not null)
            throw EngineErrors.Unsupported($"container {record.Name} has a root file system of its own, so there is nothing to compare it with", record.Id);
        var stored = parts.Storage.FindContainer(record.Id) ?? throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
        return Read(stored.LayerId, cancellationToken);
    }

    /// <summary>The changes of an image's top layer to those below.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public IReadOnlyList<FileSystemChange> OfImage(string nameOrId, CancellationToken cancellationToken) =>
        parts.Images.Get(nameOrId).Image.TopLayerId is { } top ? Read(top, cancellationToken) : [];

    private List<FileSystemChange> Read(string layerId, CancellationToken cancellationToken) =>
        [.. LayerChanges.Read(parts.Storage.GetLayerChain(layerId), parts.StorageConfiguration.Rootless, cancellationToken)
            .Where(change => !EnginesOwn.Contains(change.Path))];
}
