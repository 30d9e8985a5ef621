using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A volume as <c>podman volume inspect</c> shows it.</summary>
public static class VolumeShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Name"] = "VOLUME NAME",
    };

    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(ContainerVolume volume) => new WireStruct("VolumeListReport")
        .Add("Name", volume.Name)
        .Add("Driver", volume.Driver)
        .Add("Mountpoint", volume.MountPoint)
        .Add("CreatedAt", volume.Created)
        .Add("Labels", WireMap.From(volume.Labels))
        .Add("Scope", "local")
        .Add("Options", WireMap.From(volume.Options))
        .Add("UID", (long)(volume.UserId ?? 0), omitEmpty: true)
        .Add("GID", (long)(volume.GroupId ?? 0), omitEmpty: true)
        .Add("Anonymous", volume.Anonymous, omitEmpty: true)
        .Add("MountCount", volume.MountCount)
        .Add("NeedsCopyUp", volume.NeedsCopyUp, omitEmpty: true)
        .Add("NeedsChown", volume.NeedsOwner, omitEmpty: true);
}
