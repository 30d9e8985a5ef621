using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Sizes on demand: a walk over the container's own layer, sums of records for the image's.</summary>
internal sealed class ContainerSizes(EngineParts parts)
{
    /// <summary>Bytes of a container's own layer, whoever made it; 0 where it has none.</summary>
    public long OwnSize(string containerId, CancellationToken cancellationToken) =>
        parts.Storage.FindContainer(containerId) is { } stored && parts.Storage.FindLayer(stored.LayerId) is { } layer
            ? TreeSize.Of(layer.DirectoryPath + "/diff", cancellationToken) : 0;

    /// <summary>Adds the sizes, in bytes.</summary>
    public Container WithSizes(Container container)
    {
        if (parts.Storage.FindContainer(container.Id) is not { } stored)
            return container;
        var chain = parts.Storage.GetLayerChain(stored.LayerId);
        var own = TreeSize.Of(chain[0].DirectoryPath + "/diff");
        var image = chain.Skip(1).Sum(layer => Math.Max(0, layer.DiffSize ?? 0));
        return container with { SizeRw = own, SizeRootFs = own + image };
    }
}
