using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <content>Lists of images: records without layers, whose data changes while their id stays.</content>
internal sealed partial class ContainerStorage
{
    /// <summary>Records a new list.</summary>
    /// <exception cref="ContainerEngineException">NameInUse: somebody has one of its names.</exception>
    internal StoredImage AddList(ImageCommit list)
    {
        using var writing = images.BeginWrite();
        foreach (var name in list.Names)
        {
            if (writing.Snapshot.Records.FirstOrDefault(image => image.Names.Contains(name)) is { } owner)
                throw EngineErrors.NameInUse("image", name, $"image {owner.Id}");
        }
        using var addition = images.Prepare(writing, list);
        addition.Apply();
        return addition.Image;
    }

    /// <summary>Changes a list's data. Whoever else changes it waits meanwhile: podman, which reads and writes under the lock of the list's id, too.</summary>
    /// <param name="id">The list.</param>
    /// <param name="change">Gets the record, and gives the items of data as they are to be, in an order in which each can go before the next; null to change nothing.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>The list as it is then.</returns>
    /// <exception cref="ContainerEngineException">ImageNotFound: it was removed meanwhile.</exception>
    internal StoredImage ChangeList(string id, Func<StoredImage, IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>?> change, CancellationToken cancellationToken)
    {
        using var held = LockDigest($"sha256:{id}", cancellationToken);
        using var writing = images.BeginWrite();
        var list = writing.Snapshot.Find(id) ?? throw images.NotChangeable(id);
        if (change(list) is not { } data)
            return list;
        StepPoints.Reach("storage.list.locked");
        using var addition = images.Prepare(writing, new ImageCommit { Id = id, BigData = data });
        addition.Apply();
        return addition.Image;
    }

    // containers/storage's lock for what has this digest.
    private FileLock LockDigest(string digest, CancellationToken cancellationToken)
    {
        layout.PrepareForWriting();
        var directory = Configuration.RunRoot + "/overlay-locks";
        Files.MakeDirectories(directory, 0x1C0 /* 0700 */);
        return FileLock.Acquire($"{directory}/{digest}", LockMode.Exclusive, cancellationToken);
    }
}
