using System.Collections;
using System.Globalization;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>Limits of block devices: podman's words ("/dev/sda:10mb"), or a hashtable of devices and numbers.</summary>
internal sealed class DeviceLimitTransformationAttribute : TransformationAttribute
{
    /// <summary>The parameter's name, for errors.</summary>
    public string Option { get; set; } = "";

    /// <summary>Whether the numbers are bytes, and may have units.</summary>
    public bool Sizes { get; set; }

    private protected override object StandIn => new DeviceLimit[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).SelectMany(Limits).ToArray();

    private IEnumerable<DeviceLimit> Limits(object value) => value switch
    {
        DeviceLimit limit => [limit],
        IDictionary table => table.Cast<DictionaryEntry>().Select(entry =>
            DeviceLimitParser.Parse(string.Create(CultureInfo.InvariantCulture, $"{entry.Key}:{entry.Value}"), Option, Sizes)),
        _ => [DeviceLimitParser.Parse(value.ToString() ?? "", Option, Sizes)],
    };
}
