using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A container in lists: <c>ps --format json</c> and the fields of <c>ps --format</c>.</summary>
public static class ContainerListShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ID"] = "CONTAINER ID",
        ["Id"] = "CONTAINER ID",
        ["CreatedHuman"] = "CREATED",
        ["RunningFor"] = "CREATED",
        ["ImageID"] = "IMAGE ID",
        ["CreatedAt"] = "CREATED AT",
        ["ExitCode"] = "EXIT CODE",
        ["Pod"] = "POD ID",
        ["PodName"] = "PODNAME",
    };

    private static readonly (string Name, string Kind)[] s_namespaces =
    [
        ("Mnt", "mnt"), ("Cgroup", "cgroup"), ("Ipc", "ipc"), ("Net", "net"), ("Pidns", "pid"), ("Uts", "uts"), ("User", "user"),
    ];

    /// <summary>Makes the shape.</summary>
    /// <param name="container">The container.</param>
    /// <param name="now">The present, for relative times.</param>
    /// <param name="whole">Nothing is cut in template fields.</param>
    public static WireStruct Create(Container container, DateTimeOffset now, bool whole = false)
    {
        var shape = new WireStruct("psReporter")
            .Add("AutoRemove", container.AutoRemove)
            .Add("Command", WireList.From(container.Command, nilIfEmpty: true))
            .Add("CreatedAt", Human.Ago(container.Created, now))
            .Add("CIDFile", "")
            .Add("Exited", container.State is ContainerState.Exited or ContainerState.Stopped)
            .Add("ExitedAt", Unix(container.Finished))
            .Add("ExitCode", container.ExitCode ?? 0)
            .Add("ExposedPorts", ExposedPorts(container))
            .Add("ID", container.Id, "Id")
            .Add("Image", container.Image)
            .Add("ImageID", container.ImageId)
            .Add("IsInfra", container.IsInfra)
            .Add("Labels", WireMap.From(container.Labels, nilIfEmpty: true))
            .Add("Mounts", WireList.From(container.Mounts))
            .Add("Names", new WireList().Add(container.Name))
            .Add("Namespaces", Namespaces(container))
            .Add("Networks", WireList.From(container.Networks))
            .Add("Pid", container.Pid)
            .Add("Pod", container.Pod)
            .Add("PodName", container.PodName)
            .Add("Ports", Ports(container))
            .Add("Restarts", container.RestartCount)
            .Add("Size", Size(container))
            .Add("StartedAt", Unix(container.Started))
            .Add("State", ContainerText.State(container.State))
            .Add("Status", ContainerText.Status(container, now))
            .Add("Created", container.Created.ToUnixTimeSeconds());
        return AddFields(shape, container, now, whole);
    }

    private static WireStruct AddFields(WireStruct shape, Container container, DateTimeOffset now, bool whole) => shape
        .AddMethod("ID", () => whole ? container.Id : container.ShortId)
        .AddMethod("ImageID", () => whole || container.ImageId.Length <= 12 ? container.ImageId : container.ImageId[..12])
        .AddMethod("Pod", () => whole || container.Pod.Length <= 12 ? container.Pod : container.Pod[..12])
        .AddMethod("Command", () => ContainerText.Command(container, whole))
        .AddMethod("Created", () => GoText.Time(container.Created))
        .AddMethod("CreatedAt", () => GoText.Time(container.Created))
        .AddMethod("CreatedHuman", () => Human.Ago(container.Created, now))
        .AddMethod("RunningFor", () => Human.Ago(container.Created, now))
        .AddMethod("Label", name => container.Labels.GetValueOrDefault(name, ""))
        .AddMethod("Names", () => container.Name)
        .AddMethod("Networks", () => string.Join(',', container.Networks))
        .AddMethod("Mounts", () => string.Join(',', container.Mounts))
        .AddMethod("Ports", () => ContainerText.Ports(container))
        .AddMethod("Size", () => ContainerText.Size(container))
        .AddMethod("MNT", () => Namespace(container, "mnt"))
        .AddMethod("CGROUPNS", () => Namespace(container, "cgroup"))
        .AddMethod("IPC", () => Namespace(container, "ipc"))
        .AddMethod("NET", () => Namespace(container, "net"))
        .AddMethod("PIDNS", () => Namespace(container, "pid"))
        .AddMethod("UTS", () => Namespace(container, "uts"))
        .AddMethod("USERNS", () => Namespace(container, "user"));

    private static WireStruct Namespaces(Container container)
    {
        var shape = new WireStruct("ListContainerNamespaces");
        foreach (var (name, kind) in s_namespaces)
            shape.Add(name, Namespace(container, kind), omitEmpty: true);
        return shape;
    }

    private static string Namespace(Container container, string kind) =>
        container.Namespaces?.TryGetValue(kind, out var number) == true ? number.ToString(CultureInfo.InvariantCulture) : "";

    private static long Unix(DateTimeOffset? time) => (time ?? DateTimeOffset.MinValue).ToUnixTimeSeconds();

    private static WireMap? ExposedPorts(Container container)
    {
        if (container.ExposedPorts.Count == 0)
            return null;
        var map = new WireMap();
        foreach (var port in container.ExposedPorts.GroupBy(port => port.Split('/')[0]))
            map.Set(port.Key, WireList.From(port.Select(protocol => protocol.Split('/')[1])));
        return map;
    }

    private static WireList Ports(Container container) => WireList.From(container.Ports.Select(port => new WireStruct("types.PortMapping")
        .Add("HostIP", port.HostIp, "host_ip")
        .Add("ContainerPort", port.ContainerPort, "container_port")
        .Add("HostPort", port.HostPort, "host_port")
        .Add("Range", port.Range, "range")
        .Add("Protocol", port.Protocol, "protocol")), nilIfEmpty: true);

    private static WireStruct? Size(Container container) => container.SizeRw is not { } own ? null : new WireStruct("ContainerSize")
        .Add("RootFsSize", container.SizeRootFs ?? own, "rootFsSize")
        .Add("RwSize", own, "rwSize");
}
