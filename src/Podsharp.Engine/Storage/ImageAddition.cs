using Podsharp.Engine.State;

namespace Podsharp.Engine.Storage;

/// <summary>An image that is written down but doesn't count yet. The data comes before the record.</summary>
internal sealed class ImageAddition(StoredImage image, FileBatch data, StoreFile<StoredImage>.PreparedSave save) : IDisposable
{
    /// <summary>The image as it will be.</summary>
    internal StoredImage Image { get; } = image;

    /// <summary>Its files, to be made durable together with what goes with it.</summary>
    internal IReadOnlyList<FileBatch> Files => [data, save.Files];

    /// <summary>Makes it count.</summary>
    internal void Apply()
    {
        data.Apply();
        StepPoints.Reach("storage.image.data");
        save.Apply();
        StepPoints.Reach("storage.image.recorded");
    }

    /// <summary>Takes it back if it wasn't applied.</summary>
    public void Dispose()
    {
        data.Dispose();
        save.Dispose();
    }
}
