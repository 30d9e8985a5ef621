using System.Text.Json.Nodes;
using Podsharp.Engine.Images;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Makes volumes by what their drivers need.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="storage">The image store, for volumes of images.</param>
/// <param name="images">Finds these images.</param>
internal sealed class VolumeMaker(VolumeStore volumes, Func<ContainerStorage> storage, Func<ImageService> images)
{
    /// <summary>Makes a volume: everything is checked first. A kill leaves at worst one of an image without its layer, which its first mount makes.</summary>
    /// <exception cref="ContainerEngineException">NameInUse; InvalidArgument; NotFound: the image.</exception>
    internal ContainerVolume Create(VolumeSpec spec, CancellationToken cancellationToken = default)
    {
        var name = spec.Name.Length > 0 ? spec.Name : VolumeStore.NewAnonymousName();
        VolumeStore.CheckName(name);
        var row = VolumeOptions.NewRow(spec with { Name = name }, anonymous: false);
        if (row.Driver == "image")
            _ = FindImage(row.Options["image"]);
        volumes.Quota.Check(row);
        if (!volumes.Add(row, cancellationToken))
            return spec.Ignore ? volumes.Get(name) : throw EngineErrors.NameInUse("volume", name, "another volume");
        StepPoints.Reach("volume.create.noted");
        if (row.Driver == "image")
            MakeLayer(row);
        else
            volumes.Ensure(name, cancellationToken);
        return volumes.Get(name);
    }

    /// <summary>Makes the read-write layer of a volume of an image.</summary>
    /// <exception cref="ContainerEngineException">NotFound: the image.</exception>
    internal void MakeLayer(VolumeTable.Row row)
    {
        var image = FindImage(row.Options["image"]);
        storage().CreateContainer(new ContainerLayerRequest
        {
            Id = row.Layer,
            Name = $"{row.Name}-{row.Layer[..12]}",
            ImageId = image,
            Labels = new("", volumes.FileLabel()),
            MetadataJson = new JsonObject { ["image-id"] = image, ["image-name"] = row.Options["image"], ["name"] = row.Name, ["created-at"] = row.Created.ToUnixTimeSeconds() }.ToJsonString(),
        });
    }

    private string FindImage(string name)
    {
        try
        {
            return images().Get(name).Image.Id;
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new ContainerEngineException(e.Kind, e.ErrorId, $"looking up image {name} to create volume failed: {name}: image not known", name, "pull it first", e);
        }
    }
}
