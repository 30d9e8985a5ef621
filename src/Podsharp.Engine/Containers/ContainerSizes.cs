using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Sizes on demand: a walk over the container's own layer, sums of records for the image's.</summary>
internal sealed class ContainerSizes(EngineParts parts)
{
    /// <summary>Adds the sizes, in bytes.</summary>
    public Container WithSizes(Container container)
    {
        if (parts.Storage.FindContainer(container.Id) is not { } stored)
            return container;
        var chain = parts.Storage.GetLayerChain(stored.LayerId);
        var own = TreeSize(chain[0].DirectoryPath + "/diff");
        var image = chain.Skip(1).Sum(layer => Math.Max(0, layer.DiffSize ?? 0));
        return container with { SizeRw = own, SizeRootFs = own + image };
    }

    private static long TreeSize(string path)
    {
        using var root = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        return TreeSize(root);
    }

    private static long TreeSize(Microsoft.Win32.SafeHandles.SafeFileHandle directory)
    {
        long total = 0;
        foreach (var entry in Files.ReadDirectory(directory))
        {
            if (Files.TryStatus(directory, entry.Name, followLink: false, out var status) != Errno.None)
                continue;
            if (!status.IsDirectory)
            {
                total += status.Size;
            }
            else if (Files.TryOpenAt(directory, entry.Name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var child) == Errno.None)
            {
                using (child)
                    total += TreeSize(child!);
            }
        }
        return total;
    }
}
