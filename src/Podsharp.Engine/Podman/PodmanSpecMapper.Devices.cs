using System.Globalization;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

// Whose ids a container's users have, and its devices.
internal sealed partial class PodmanSpecMapper
{
    private ContainerSpec Users(ContainerSpec spec, Func<string, string?> containerOf)
    {
        var options = config.Get("idMappingsOptions");
        if (config.Text("userNsCtr") is { Length: > 0 } other)
        {
            if (Moves)
                return spec;
            if (containerOf(other) is { } name)
                return spec with { UserNamespace = "container:" + name };
            warnings.Add($"the user namespace is the container's own: that of podman's container {other[..Math.Min(12, other.Length)]} can't be shared");
        }
        // The caller's words; those of explicit maps are "private".
        if (!Moves && config.Text("spec", "annotations", Annotations + "userns") is { Length: > 0 } words and not "private")
            return spec with { UserNamespace = words };
        if (options.Flag("AutoUserNs") && !Moves)
            return spec with { UserNamespace = "auto" };
        return spec with { UserMap = Map("UIDMap"), GroupMap = Map("GIDMap") };

        IReadOnlyList<string> Map(string map) => [.. options.Items(map)
            .Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Number("container_id")}:{range.Number("host_id")}:{range.Number("size")}"))];
    }

    private ContainerSpec Devices(ContainerSpec spec) => spec with
    {
        Devices = [.. config.Items("device_host_src").Select(device => device.Text("path")), .. config.Texts("cdiDevices")],
        DeviceRules = [.. DeviceRules()],
        Resources = spec.Resources with
        {
            BlockDeviceWeights = Limits("weightDevice", "weight"),
            DeviceReadRates = Limits("throttleReadBpsDevice", "rate"),
            DeviceWriteRates = Limits("throttleWriteBpsDevice", "rate"),
            DeviceReadOperations = Limits("throttleReadIOPSDevice", "rate"),
            DeviceWriteOperations = Limits("throttleWriteIOPSDevice", "rate"),
        },
    };

    // The first one forbids all, and each device has one of its own.
    private IEnumerable<string> DeviceRules()
    {
        var devices = config.Items("spec", "linux", "devices").Select(Numbers).ToHashSet();
        foreach (var rule in config.Items("spec", "linux", "resources", "devices").Where(rule => rule.Flag("allow") && !devices.Contains(Numbers(rule))))
            yield return $"{(rule.Text("type") is { Length: > 0 } type ? type : "a")} {Number(rule, "major")}:{Number(rule, "minor")} {rule.Text("access")}";

        static string Numbers(JsonElement device) => $"{device.Text("type")} {Number(device, "major")}:{Number(device, "minor")}";
        static string Number(JsonElement device, string name) => device.Number(name) is >= 0 and var number ? number.ToString(CultureInfo.InvariantCulture) : "*";
    }

    // podman keeps a device's numbers alone.
    private List<DeviceLimit>? Limits(string list, string value)
    {
        var limits = new List<DeviceLimit>();
        foreach (var limit in config.Items("spec", "linux", "resources", "blockIO", list))
        {
            var numbers = string.Create(CultureInfo.InvariantCulture, $"{limit.Number("major")}:{limit.Number("minor")}");
            if (BlockDevice(numbers) is { } path)
                limits.Add(new(path, limit.Number(value) ?? 0));
            else
                warnings.Add($"the limit of the block device {numbers} is not carried over: there is no such device");
        }
        return limits.Count > 0 ? limits : null;
    }

    private static string? BlockDevice(string numbers)
    {
        const string Name = "DEVNAME=";
        var file = $"/sys/dev/block/{numbers}/uevent";
        return File.Exists(file) && File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } found
            && "/dev/" + found[Name.Length..] is var path && File.Exists(path) ? path : null;
    }
}
