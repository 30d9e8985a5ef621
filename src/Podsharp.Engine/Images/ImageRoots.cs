using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Images' root file systems, mounted for those who look at them from the host. The counts are those of their top layers, shared with
/// podman and with other images that end with the same layer.</summary>
internal sealed class ImageRoots(EngineParts parts)
{
    /// <summary>Mounts an image's root, or counts a mount more.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound; Unsupported where it can't be mounted.</exception>
    public ContainerImageMount Mount(string nameOrId)
    {
        RefuseOutsideNamespace();
        var image = parts.Images.Get(nameOrId).Image;
        var target = parts.Storage.MountImage(image);
        StepPoints.Reach("image.mount.mounted");
        Log("mount", image);
        return ToModel(image, target);
    }

    /// <summary>Takes one mount off the count, or all of them.</summary>
    public ContainerImageMount? Unmount(string nameOrId, bool force)
    {
        var image = parts.Images.Get(nameOrId).Image;
        if (parts.Storage.MountedPath(image) is not { } target)
            return null;
        parts.Storage.UnmountImage(image, force);
        Log("unmount", image);
        return ToModel(image, target);
    }

    /// <summary>The images whose roots are mounted.</summary>
    public IEnumerable<ContainerImageMount> List()
    {
        RefuseOutsideNamespace();
        foreach (var image in parts.Storage.ListImages())
            if (parts.Storage.MountedPath(image) is { } path)
                yield return ToModel(image, path);
    }

    private static ContainerImageMount ToModel(StoredImage image, string target) =>
        new() { Id = image.Id, Names = image.Names, Digest = image.Digest ?? "", MountPoint = target };

    private void Log(string status, StoredImage image) =>
        parts.Events.Append(new() { Type = "image", Status = status, Id = image.Id, Name = image.Names.FirstOrDefault() ?? image.Id });

    private void RefuseOutsideNamespace()
    {
        if (parts.Host.EffectiveUserId != 0)
            throw EngineErrors.Unsupported("cannot run command \"podsharp image mount\" in rootless mode, must execute `podman unshare` first", null,
                "mount inside a user namespace: podman unshare podsharp image mount");
    }
}
