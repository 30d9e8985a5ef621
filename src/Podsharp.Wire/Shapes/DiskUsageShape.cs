using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>What takes space, as <c>podman system df</c> shows it.</summary>
public static class DiskUsageShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ImageID"] = "IMAGE ID",
        ["SharedSize"] = "SHARED SIZE",
        ["UniqueSize"] = "UNIQUE SIZE",
        ["ContainerID"] = "CONTAINER ID",
        ["LocalVolumes"] = "LOCAL VOLUMES",
        ["RWSize"] = "SIZE",
        ["VolumeName"] = "VOLUME NAME",
    };

    /// <summary>A kind's sums.</summary>
    public static WireStruct Create(StorageUsage usage)
    {
        var percent = usage.Size > 0 ? Math.Round((double)usage.Reclaimable / usage.Size * 100, MidpointRounding.AwayFromZero) : 0;
        return new WireStruct("dfSummary")
            .Add("Type", Name(usage.Kind))
            .Add("Total", usage.Total)
            .Add("Active", usage.Active)
            .Add("RawSize", usage.Size)
            .Add("RawReclaimable", usage.Reclaimable)
            .Add("TotalCount", usage.Total)
            .Add("Size", Human.Size(usage.Size))
            .Add("Reclaimable", $"{Human.Size(usage.Reclaimable)} ({percent.ToString(CultureInfo.InvariantCulture)}%)");
    }

    /// <summary>One image, container or volume.</summary>
    /// <param name="item">The thing.</param>
    /// <param name="now">For its age.</param>
    public static WireStruct Create(StorageItem item, DateTimeOffset now)
    {
        var age = item.Created is { } created ? Human.Duration(now - created) : "";
        return item.Kind switch
        {
            StorageKind.Image => new WireStruct("dfImage")
                .Add("Repository", ImageListShape.Split(item.Name.Length > 0 ? item.Name : null).Repository)
                .Add("Tag", ImageListShape.Split(item.Name.Length > 0 ? item.Name : null).Tag)
                .Add("ImageID", item.ShortId)
                .Add("Created", age)
                .Add("Size", Human.Size(item.Size))
                .Add("SharedSize", Human.Size(item.SharedSize))
                .Add("UniqueSize", Human.Size(item.UniqueSize))
                .Add("Containers", item.Links),
            StorageKind.Container => new WireStruct("dfContainer")
                .Add("ContainerID", item.ShortId)
                .Add("Image", item.ImageId.Length > 12 ? item.ImageId[..12] : item.ImageId)
                .Add("Command", string.Join(' ', item.Command))
                .Add("LocalVolumes", item.Links)
                .Add("RWSize", Human.Size(item.Size))
                .Add("Created", age)
                .Add("Status", item.State?.ToString().ToLowerInvariant() ?? "")
                .Add("Names", item.Name),
            _ => new WireStruct("dfVolume")
                .Add("VolumeName", item.Name)
                .Add("Links", item.Links)
                .Add("Size", Human.Size(item.Size)),
        };
    }

    private static string Name(StorageKind kind) => kind switch
    {
        StorageKind.Image => "Images",
        StorageKind.Container => "Containers",
        _ => "Local Volumes",
    };
}
