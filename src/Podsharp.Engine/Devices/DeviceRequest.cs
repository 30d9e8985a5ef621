using Podsharp.Model;

namespace Podsharp.Engine.Devices;

/// <summary>One <c>--device</c>: HOST[:CONTAINER][:PERMISSIONS].</summary>
/// <param name="HostPath">The device or directory of the host.</param>
/// <param name="ContainerPath">Where it is in the container.</param>
/// <param name="Permissions">Of r, w and m.</param>
internal sealed record DeviceRequest(string HostPath, string ContainerPath, string Permissions)
{
    private const string All = "rwm";

    /// <summary>Whether a text names a device of a CDI specification (vendor.com/class=name), not a path.</summary>
    internal static bool IsCdi(string text) =>
        text.Split('=') is [{ } kind, { Length: > 0 }] && kind.Split('/') is [{ Length: > 0 } vendor, { Length: > 0 }] && vendor[0] != '.';

    /// <summary>Reads podman's form.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static DeviceRequest Parse(string text)
    {
        var parts = text.Split(':');
        var host = parts[0];
        if (!host.StartsWith('/') || parts.Length > 3)
            throw EngineErrors.InvalidArgument($"invalid device specification: {text}", text, "write HOST-PATH[:CONTAINER-PATH][:rwm], or VENDOR/CLASS=NAME");
        return parts.Length switch
        {
            1 => new(host, host, All),
            2 when IsPermissions(parts[1]) => new(host, host, parts[1]),
            2 => new(host, Target(parts[1], text), All),
            _ => new(host, Target(parts[1], text), IsPermissions(parts[2]) ? parts[2] : throw BadMode(parts[2], text)),
        };
    }

    private static string Target(string path, string text) => path.Length == 0 || path[0] != '/' ? throw BadMode(path, text)
        : path.Split('/').Contains("..") ? throw EngineErrors.InvalidArgument($"invalid device specification: {text}", text, "leave .. out of the path in the container")
        : path;

    private static bool IsPermissions(string text) => text.Length > 0 && text.All(letter => All.Contains(letter)) && text.Distinct().Count() == text.Length;

    private static ContainerEngineException BadMode(string mode, string text) =>
        EngineErrors.InvalidArgument($"invalid device mode \"{mode}\" in device \"{text}\"", text, "use r (read), w (write) and m (mknod)");
}
