using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>An image as <c>podman image inspect</c> shows it: the same members in the same order.</summary>
public static class ImageInspectShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(ContainerImageDetail detail)
    {
        var image = detail.Image;
        return new WireStruct("*inspect.ImageData")
            .Add("ID", image.Id, "Id")
            .Add("Digest", image.Digest)
            .Add("RepoTags", WireList.From(image.Names))
            .Add("RepoDigests", WireList.From(image.RepoDigests))
            .Add("Parent", "")
            .Add("Comment", detail.Comment)
            .Add("Created", image.Created)
            .Add("Config", Config(detail.Config))
            .Add("Version", detail.DockerVersion)
            .Add("Author", detail.Author)
            .Add("Architecture", detail.Architecture)
            .Add("Variant", detail.Variant, omitEmpty: true)
            .Add("Os", detail.Os)
            .Add("Size", image.Size)
            .Add("VirtualSize", image.Size)
            .Add("GraphDriver", GraphDriver(detail))
            .Add("RootFS", new WireStruct("*inspect.RootFS").Add("Type", "layers").Add("Layers", WireList.From(detail.DiffIds)))
            .Add("Labels", WireMap.From(detail.Config.Labels, nilIfEmpty: true))
            .Add("Annotations", WireMap.From(detail.Annotations))
            .Add("ManifestType", detail.ManifestType)
            .Add("User", detail.Config.User)
            .Add("History", WireList.From(detail.History.Select(History)))
            .Add("NamesHistory", WireList.From(detail.NamesHistory.Count > 0 ? detail.NamesHistory : image.Names))
            .Add("HealthCheck", HealthShape.Create(detail.Config.HealthCheck), "Healthcheck", omitEmpty: true);
    }

    private static WireStruct Config(ImageConfig config) => new WireStruct("*v1.ImageConfig")
        .Add("User", config.User, omitEmpty: true)
        .Add("ExposedPorts", Set(config.ExposedPorts), omitEmpty: true)
        .Add("Env", WireList.From(config.Environment), omitEmpty: true)
        .Add("Entrypoint", WireList.From(config.EntryPoint), omitEmpty: true)
        .Add("Cmd", WireList.From(config.Command), omitEmpty: true)
        .Add("Volumes", Set(config.Volumes), omitEmpty: true)
        .Add("WorkingDir", config.WorkingDirectory, omitEmpty: true)
        .Add("Labels", WireMap.From(config.Labels), omitEmpty: true)
        .Add("StopSignal", config.StopSignal, omitEmpty: true);

    private static WireStruct GraphDriver(ContainerImageDetail detail)
    {
        var data = new WireMap();
        var directories = detail.LayerDirectories;
        if (directories.Count > 1)
            data.Set("LowerDir", string.Join(':', directories.Skip(1)));
        if (directories.Count > 0)
        {
            data.Set("UpperDir", directories[0]);
            data.Set("WorkDir", Path.Join(Path.GetDirectoryName(directories[0]), "work"));
        }
        return new WireStruct("*define.DriverData").Add("Name", "overlay").Add("Data", data);
    }

    private static WireStruct History(ImageHistoryEntry entry) => new WireStruct("v1.History")
        .Add("Created", entry.Created, "created", omitEmpty: true)
        .Add("CreatedBy", entry.CreatedBy, "created_by", omitEmpty: true)
        .Add("Comment", entry.Comment, "comment", omitEmpty: true)
        .Add("EmptyLayer", entry.EmptyLayer, "empty_layer", omitEmpty: true);

    private static WireMap Set(IReadOnlyList<string> keys)
    {
        var map = new WireMap();
        foreach (var key in keys)
            map.Set(key, new WireMap());
        return map;
    }
}
