using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>An image that was looked at where it is: what skopeo's inspect shows.</summary>
public static class RemoteImageShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(RemoteContainerImage image)
    {
        var shape = new WireStruct("RemoteImage");
        if (image.Repository.Length > 0)
            shape.Add("Name", image.Repository);
        return shape
            .Add("Digest", image.Digest)
            .Add("RepoTags", WireList.From(image.Tags))
            .Add("Created", image.Created)
            .Add("DockerVersion", image.DockerVersion)
            .Add("Labels", WireMap.From(image.Labels, nilIfEmpty: true))
            .Add("Architecture", image.Architecture)
            .Add("Os", image.Os)
            .Add("Layers", WireList.From(image.Layers.Select(layer => layer.Digest)))
            .Add("LayersData", WireList.From(image.Layers.Select(Layer)))
            .Add("Env", WireList.From(image.Config.Environment, nilIfEmpty: true));
    }

    private static WireStruct Layer(RemoteImageLayer layer) => new WireStruct("LayerData")
        .Add("MIMEType", layer.MediaType)
        .Add("Digest", layer.Digest)
        .Add("Size", layer.Size)
        .Add("Annotations", WireMap.From(layer.Annotations, nilIfEmpty: true));
}
