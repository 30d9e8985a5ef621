using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads limits and weights of block devices: <c>/dev/sda:10mb</c>, <c>/dev/sda:1000</c>.</summary>
public static class DeviceLimitParser
{
    /// <summary>Reads texts; null where there are none.</summary>
    /// <param name="texts">PATH:NUMBER.</param>
    /// <param name="option">The option's name, for errors.</param>
    /// <param name="sizes">Whether the numbers are bytes, and may have units.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static IReadOnlyList<DeviceLimit>? Parse(IReadOnlyList<string> texts, string option, bool sizes) =>
        texts.Count == 0 ? null : [.. texts.Select(text => Parse(text, option, sizes))];

    /// <summary>Reads PATH:NUMBER.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static DeviceLimit Parse(string text, string option, bool sizes)
    {
        var colon = text.IndexOf(':');
        if (colon < 1 || colon == text.Length - 1)
            throw EngineErrors.InvalidArgument($"bad format for {option}: {text}", text, "write it as PATH:NUMBER, for example /dev/sda:" + (sizes ? "10mb" : "100"));
        var (path, number) = (text[..colon], text[(colon + 1)..]);
        if (!path.StartsWith("/dev/", StringComparison.Ordinal))
            throw EngineErrors.InvalidArgument($"bad format for device path: {text}", text, "name a device below /dev");
        var value = sizes && TrySize(number, option) is { } size ? size
            : long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain : -1;
        return value > 0 ? new(path, value)
            : throw EngineErrors.InvalidArgument($"invalid rate for device: {text}. Number must be a positive integer" + (sizes ? ". Unit is optional and can be kb, mb, or gb" : ""),
                text, "write it as PATH:NUMBER");
    }

    private static long? TrySize(string text, string option)
    {
        try
        {
            return SizeParser.Parse(text, option);
        }
        catch (ContainerEngineException)
        {
            return null;
        }
    }
}
