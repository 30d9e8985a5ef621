using System.Globalization;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Devices;

/// <summary>Reads a <c>--device-cgroup-rule</c>: <c>TYPE MAJOR:MINOR ACCESS</c>, for example <c>c 10:* rwm</c>.</summary>
internal static class DeviceRule
{
    /// <summary>Reads a rule that allows.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static OciDeviceRule Parse(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var type, var number, var access])
            throw Invalid($"invalid device cgroup rule requires type, major:Minor, and access rules: \"{text}\"", text);
        if (type is not ("a" or "b" or "c"))
            throw Invalid($"invalid device type in device-access-add: {type}", text);
        if (number.Split(':') is not [var major, var minor])
            throw Invalid($"invalid device node in device-access-add: {number}", text);
        if (access.FirstOrDefault(letter => !"rwm".Contains(letter)) is not '\0' and var wrong)
            throw Invalid($"invalid device access in device-access-add: {wrong}", text);
        return new OciDeviceRule(true, access, type, Number(major, text), Number(minor, text));
    }

    private static long? Number(string text, string rule) => text == "*" ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid($"invalid device number \"{text}\" in device-access-add: {rule}", rule);

    private static ContainerEngineException Invalid(string message, string rule) =>
        EngineErrors.InvalidArgument(message, rule, "write TYPE MAJOR:MINOR ACCESS, for example 'c 10:* rwm'");
}
