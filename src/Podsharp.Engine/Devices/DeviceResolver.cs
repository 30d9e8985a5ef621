using Podsharp.Engine.Devices.Cdi;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Devices;

/// <summary>Finds the devices that a container asks for on this host.</summary>
/// <param name="host">The host.</param>
/// <param name="cdi">The CDI specifications.</param>
internal sealed class DeviceResolver(HostFacts host, CdiRegistry cdi)
{
    private const uint AllBits = 0xFFF;

    private readonly List<OciDevice> nodes = [];
    private readonly List<OciDeviceRule> rules = [];
    private readonly List<OciMount> mounts = [];

    /// <summary>Finds them.</summary>
    /// <param name="requests">In podman's form: paths and CDI names.</param>
    /// <param name="cgroupRules">Rules besides.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound: there is no such device; Unsupported.</exception>
    internal ContainerDevices Resolve(IReadOnlyList<string> requests, IReadOnlyList<string> cgroupRules)
    {
        if (cgroupRules.Count > 0 && host.IsRootless)
            throw EngineErrors.Unsupported("device cgroup rules are not supported in rootless mode or in a user namespace", cgroupRules[0], "leave them out, or run as root");
        foreach (var request in requests)
        {
            if (!DeviceRequest.IsCdi(request))
                AddPath(DeviceRequest.Parse(request));
        }
        rules.AddRange(cgroupRules.Select(DeviceRule.Parse));
        var edits = cdi.Find([.. requests.Where(DeviceRequest.IsCdi)]);
        foreach (var node in edits.Nodes)
            AddNode(node);
        return new ContainerDevices
        {
            Nodes = nodes,
            Rules = rules,
            Mounts = [.. mounts, .. edits.Mounts],
            Environment = edits.Environment,
            Hooks = edits.Hooks,
            Groups = edits.Groups,
            RdtClass = edits.RdtClass,
        };
    }

    /// <summary>The devices behind requests by path, as far as they are there now.</summary>
    internal static IReadOnlyList<ContainerDevice> Describe(IReadOnlyList<string> requests)
    {
        var devices = new List<ContainerDevice>();
        foreach (var request in requests.Where(request => !DeviceRequest.IsCdi(request)).Select(DeviceRequest.Parse))
        {
            IEnumerable<DeviceRequest> found = Files.TryStatus(request.HostPath) is { IsDirectory: true } ? Below(request).Select(inner => inner.Request) : [request];
            devices.AddRange(found.Select(device => new ContainerDevice(device.HostPath, device.ContainerPath, device.Permissions)));
        }
        return devices;
    }

    private void AddPath(DeviceRequest request)
    {
        var status = Files.TryStatus(request.HostPath)
            ?? throw new ContainerEngineException(ErrorKind.NotFound, "DeviceNotFound", $"stat {request.HostPath}: no such file or directory", request.HostPath, "correct the path");
        if (status.Type != ModeBits.Directory)
        {
            Add(request, status);
            return;
        }
        var inner = Below(request).ToList();
        if (inner.Count == 0)
            throw EngineErrors.InvalidArgument($"no devices found in {request.HostPath}", request.HostPath, "name a device, or a directory with devices");
        foreach (var device in inner)
            Add(device.Request, device.Status);
    }

    // Links below a directory are passed over, as podman does it: what they lead to is there by itself, or isn't in the directory.
    private static IEnumerable<(DeviceRequest Request, FileStatus Status)> Below(DeviceRequest directory)
    {
        var (host, container) = (directory.HostPath.TrimEnd('/'), directory.ContainerPath.TrimEnd('/'));
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        foreach (var path in System.IO.Directory.EnumerateFileSystemEntries(host, "*", options).Order(StringComparer.Ordinal))
        {
            if (Files.TryStatus(path, followLink: false) is { Type: ModeBits.CharacterDevice or ModeBits.BlockDevice } status)
                yield return (directory with { HostPath = path, ContainerPath = container + path[host.Length..] }, status);
        }
    }

    private void Add(DeviceRequest request, FileStatus status)
    {
        if (status.Type is not (ModeBits.CharacterDevice or ModeBits.BlockDevice))
            throw EngineErrors.InvalidArgument($"{request.HostPath} is not a valid device: not a device node", request.HostPath, "name a device of the host");
        AddNode(new CdiDeviceNode
        {
            Path = request.ContainerPath,
            HostPath = request.HostPath,
            Type = status.Type == ModeBits.BlockDevice ? "b" : "c",
            Major = status.SpecialMajor,
            Minor = status.SpecialMinor,
            Permissions = request.Permissions,
            Mode = status.Mode & AllBits,
            UserId = status.UserId,
            GroupId = status.GroupId,
        });
    }

    // Device nodes can't be made in a user namespace: there the host's own are mounted.
    private void AddNode(CdiDeviceNode node)
    {
        if (host.InUserNamespace)
        {
            mounts.Add(new OciMount(node.Path, "bind", node.HostPath, ["rslave", "nosuid", "noexec", node.Permissions.Contains('w') ? "rw" : "ro", "rbind"]));
            return;
        }
        nodes.Add(new OciDevice(node.Path, node.Type, node.Major, node.Minor, node.Mode, node.UserId, node.GroupId));
        rules.Add(new OciDeviceRule(true, node.Permissions, node.Type, node.Major, node.Minor));
    }
}
