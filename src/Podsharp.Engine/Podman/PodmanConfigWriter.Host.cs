using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json;
using Podsharp.Engine.Host;
using Podsharp.Engine.Json;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

// What a container has of its host: ids, mounts, namespaces, networks.
internal sealed partial class PodmanConfigWriter
{
    private void IdMappings(Utf8JsonWriter json)
    {
        json.WriteStartObject("idMappingsOptions");
        json.Field("HostUIDMapping", config.UserIdMap.Count == 0);
        json.Field("HostGIDMapping", config.GroupIdMap.Count == 0);
        json.Field("UIDMap", config.UserIdMap, Range);
        json.Field("GIDMap", config.GroupIdMap, Range);
        json.Field("AutoUserNs", false);
        json.WriteEndObject();

        static void Range(Utf8JsonWriter json, IdMapping range)
        {
            json.Field("container_id", (long)range.Inside);
            json.Field("host_id", (long)range.Outside);
            json.Field("size", (long)range.Count);
        }
    }

    private void Mounts(Utf8JsonWriter json)
    {
        Optional(json, "NoShm", spec.IpcNamespace.Kind == NamespaceKind.None);
        Optional(json, "NOShmShare", spec.IpcNamespace.Kind == NamespaceKind.Private);
        json.Field("shmSize", spec.ShmSize ?? host.SharedMemory);
        json.Field("shmSizeSystemd", spec.SystemdShmSize ?? 0);
        json.Field("namedVolumes", [.. config.Mounts.Where(mount => mount.Type == MountType.Volume)], (writer, mount) =>
        {
            writer.Field("volumeName", mount.Source);
            writer.Field("dest", mount.Target);
            writer.Field("options", mountOptions.GetValueOrDefault(mount.Target) ?? mount.Options);
            Optional(writer, "setAnonymous", VolumeStore.IsAnonymous(mount));
            Optional(writer, "SubPath", mount.SubPath);
        });
        json.Field("overlayVolumes", [.. config.Mounts.Where(mount => mount.Type == MountType.Bind && mount.Options.Contains("O"))], (writer, mount) =>
        {
            writer.Field("dest", mount.Target);
            writer.Field("source", mount.Source);
            writer.Field("options", mount.Options);
        });
        json.Field("ctrImageVolumes", [.. config.Mounts.Where(mount => mount.Type == MountType.Image)], (writer, mount) =>
        {
            writer.Field("source", mount.Source);
            writer.Field("dest", mount.Target);
            writer.Field("rw", mount.Options.Contains("rw"));
            Optional(writer, "subPath", mount.SubPath);
        });
        json.Field("artifactVolumes", [.. config.Mounts.Where(mount => mount.Type == MountType.Artifact)], (writer, mount) =>
        {
            writer.Field("source", mount.Source);
            writer.Field("dest", mount.Target);
            foreach (var word in (string[])["title", "digest", "name"])
                writer.Field(word, mount.Options.FirstOrDefault(option => option.StartsWith(word + "=", StringComparison.Ordinal))?[(word.Length + 1)..] ?? "");
        });
    }

    private void Security(Utf8JsonWriter json)
    {
        json.Field("privileged", spec.Privileged);
        Optional(json, "ProcessLabel", config.ProcessLabel);
        Optional(json, "MountLabel", config.MountLabel);
        Optional(json, "labelopts", [.. spec.SecurityOptions.Where(option => option.StartsWith("label=", StringComparison.Ordinal) && option != "label=nested").Select(option => option["label=".Length..])]);
        Optional(json, "user", spec.User ?? config.ImageConfig.User);
        Optional(json, "groups", spec.Groups);
        Optional(json, "HostUsers", spec.HostUsers);
        json.Field("label_nested", spec.SecurityOptions.Contains("label=nested"));
    }

    private void Namespaces(Utf8JsonWriter json)
    {
        Peer("ipcNsCtr", spec.IpcNamespace);
        Peer("netNsCtr", config.Network);
        Peer("pidNsCtr", spec.PidNamespace);
        Peer("userNsCtr", config.UserNamespace);
        Peer("utsNsCtr", spec.UtsNamespace);
        Peer("cgroupNsCtr", spec.CgroupNamespace);

        void Peer(string name, NamespaceMode mode)
        {
            if (mode.Kind == NamespaceKind.Container)
                json.Field(name, mode.Target);
        }
    }

    private void Network(Utf8JsonWriter json)
    {
        json.Field("createNetNS", config.OwnNetworkNamespace);
        json.Field("newPortMappings", config.Ports, (writer, port) =>
        {
            writer.Field("host_ip", port.HostIp);
            writer.Field("container_port", (long)port.ContainerPort);
            writer.Field("host_port", (long)port.HostPort);
            writer.Field("range", (long)port.Range);
            writer.Field("protocol", port.Protocol);
        });
        ExposedPorts(json);
        var isOfImage = spec.DnsServers is ["none"];
        json.Field("UseImageResolvConf", isOfImage);
        Optional(json, "dnsServer", [.. spec.DnsServers.Where(server => IPAddress.TryParse(server, out _))]);
        Optional(json, "dnsSearch", spec.DnsSearch);
        Optional(json, "dnsOption", spec.DnsOptions);
        json.Field("useImageHostname", spec.NoHostName);
        json.Field("UseImageHosts", spec.NoHosts);
        Optional(json, "baseHostsFile", spec.HostsFile);
        Optional(json, "hostsAdd", spec.AddHosts);
        json.WriteStartObject("newNetworks");
        foreach (var attachment in config.Networks)
            json.Field(attachment.Network == NetworkStore.DefaultName ? PodmanHost.DefaultNetwork : attachment.Network, attachment, Attachment);
        json.WriteEndObject();
        if (config.PodId.Length == 0)
            json.Field("networkMode", config.HasNetworks() ? "bridge" : config.Network.ToString());
        json.Field("postConfigureNetNS", config.OwnNetworkNamespace && config.UserIdMap.Count > 0);
    }

    private static void Attachment(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        // Those of our default network are in another subnet than podman's.
        if (attachment.Network != NetworkStore.DefaultName)
            Optional(json, "static_ips", [.. attachment.StaticIps.Where(address => IPAddress.TryParse(address, out _))]);
        Optional(json, "static_mac", PhysicalAddress.TryParse(attachment.StaticMac ?? "", out _) ? attachment.StaticMac : null);
        Optional(json, "aliases", attachment.Aliases);
        json.Field("interface_name", attachment.InterfaceName ?? "");
    }

    // By the port, with its protocols.
    private void ExposedPorts(Utf8JsonWriter json)
    {
        json.WriteStartObject("exposedPorts");
        foreach (var port in config.ExposedPorts.Select(text => text.Split('/')).GroupBy(parts => parts[0], parts => parts[^1]))
            json.Field(port.Key, [.. port]);
        json.WriteEndObject();
    }
}
