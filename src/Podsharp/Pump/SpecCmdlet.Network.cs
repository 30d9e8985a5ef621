using System.Collections;
using System.Management.Automation;
using System.Net;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

// The parameters that say how it is reached.
public abstract partial class SpecCmdlet
{
    /// <summary>Networks: bridge, none, host, pasta, slirp4netns, container:NAME, or a network's name with options; a hashtable with Name, Ip, Mac, Alias.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NetworkTransformation]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[] Network { get; set; } = [];

    /// <summary>Further names in the network's DNS.</summary>
    [Parameter]
    public string[] NetworkAlias { get; set; } = [];

    /// <summary>The IPv4 address to have.</summary>
    [Parameter]
    public IPAddress? IPAddress { get; set; }

    /// <summary>The IPv6 address to have.</summary>
    [Parameter]
    public IPAddress? IPv6Address { get; set; }

    /// <summary>The MAC address to have.</summary>
    [Parameter]
    public string? MacAddress { get; set; }

    /// <summary>Published ports: "8080:80", "127.0.0.1:53:53/udp", "8000-8010:80-90", 80, or a hashtable with HostPort, ContainerPort, HostIp, Protocol.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PortTransformation]
    public PortMapping[] Publish { get; set; } = [];

    /// <summary>Publishes every exposed port on a free host port.</summary>
    [Parameter]
    public SwitchParameter PublishAll { get; set; }

    /// <summary>Exposed ports: 80, 53/udp, 8000-8010.</summary>
    [Parameter]
    public string[] Expose { get; set; } = [];

    /// <summary>The host name.</summary>
    [Parameter]
    public string? HostName { get; set; }

    /// <summary>Leaves /etc/hostname as the image has it.</summary>
    [Parameter]
    public SwitchParameter NoHostName { get; set; }

    /// <summary>Lines for /etc/hosts: a hashtable of names and addresses, or NAME:ADDRESS; the address may be host-gateway.</summary>
    [Parameter]
    [DictionaryTransformation(Separator = ':')]
    public Hashtable? AddHost { get; set; }

    /// <summary>Leaves /etc/hosts as the image has it.</summary>
    [Parameter]
    public SwitchParameter NoHosts { get; set; }

    /// <summary>What /etc/hosts begins with: a file of the host, image for the image's, or none.</summary>
    [Parameter]
    public string? HostsFile { get; set; }

    /// <summary>DNS servers.</summary>
    [Parameter]
    public string[] DnsServer { get; set; } = [];

    /// <summary>DNS search domains.</summary>
    [Parameter]
    public string[] DnsSearchDomain { get; set; } = [];

    /// <summary>DNS options.</summary>
    [Parameter]
    public string[] DnsOption { get; set; } = [];
}
