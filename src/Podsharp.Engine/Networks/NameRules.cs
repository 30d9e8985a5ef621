using System.Text.RegularExpressions;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Which options about names (host name, /etc/hosts, /etc/resolv.conf) go together: podman's rules.</summary>
internal static partial class NameRules
{
    private const int LongestHostName = 64; // __NEW_UTS_LEN
    private static readonly string[] HostsKeywords = ["", "image", "none"];

    /// <summary>Checks what is asked for, before anything is made.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound: the file for /etc/hosts or the namespace isn't there.</exception>
    internal static void Check(ContainerSpec spec)
    {
        CheckHostName(spec);
        CheckHosts(spec);
        CheckDns(spec);
        if (spec.Network is { Kind: NamespaceKind.Path, Target: { } path } && !File.Exists(path))
            throw new ContainerEngineException(ErrorKind.NotFound, "NamespaceNotFound", $"cannot find specified network namespace path {path}", path, "make it first: ip netns add NAME, and name /run/netns/NAME");
    }

    private static void CheckHostName(ContainerSpec spec)
    {
        if (spec.HostName is not { Length: > 0 } name) return;
        if (spec.UtsNamespace.Kind == NamespaceKind.Host)
            throw EngineErrors.InvalidArgument("cannot set hostname when running in the host UTS namespace", name, "leave out --hostname or --uts host");
        if (System.Text.Encoding.UTF8.GetByteCount(name) > LongestHostName)
            throw EngineErrors.InvalidArgument($"the host name \"{name}\" is longer than {LongestHostName} bytes", name, "choose a shorter one");
    }

    private static void CheckHosts(ContainerSpec spec)
    {
        if (spec.NoHosts && spec.AddHosts.Count > 0)
            throw EngineErrors.InvalidArgument("--no-hosts and --add-host cannot be set together", null, "leave one of them out");
        if (spec.NoHosts && spec.HostsFile is { Length: > 0 })
            throw EngineErrors.InvalidArgument("--no-hosts and --hosts-file cannot be set together", spec.HostsFile, "leave one of them out");
        if (spec.HostsFile is { } path && !HostsKeywords.Contains(path) && !File.Exists(path))
            throw new ContainerEngineException(ErrorKind.NotFound, "HostsFileNotFound", $"the file for /etc/hosts isn't there: {path}", path, "name another one, or \"image\" or \"none\"");
    }

    private static void CheckDns(ContainerSpec spec)
    {
        var any = spec.DnsServers.Count + spec.DnsSearch.Count + spec.DnsOptions.Count > 0;
        // A pod's container joins the infra container's network without having asked for it.
        if (any && (spec.Network.Kind == NamespaceKind.None || (spec.Network.Kind == NamespaceKind.Container && spec.Pod is null)))
        {
            var mode = spec.Network.Kind == NamespaceKind.None ? "none" : "container";
            throw EngineErrors.InvalidArgument($"conflicting options: dns and the network mode: {mode}", mode, "leave out --dns, --dns-option and --dns-search");
        }
        if (spec.DnsServers.Contains("none") && spec.DnsServers.Count > 1)
            throw EngineErrors.InvalidArgument("none is not allowed to be specified with other DNS ip addresses", "none", "leave \"none\" or the others out");
        if (spec.DnsServers is ["none"] && spec.DnsSearch.Count + spec.DnsOptions.Count > 0)
            throw EngineErrors.InvalidArgument("--dns none leaves /etc/resolv.conf to the image: search domains and options have no place", "none", "leave out --dns-search and --dns-option");
        if (spec.DnsSearch.FirstOrDefault(domain => domain != "." && !(domain.Any(char.IsAsciiLetter) && Domain().IsMatch(domain))) is { } wrong)
            throw EngineErrors.InvalidArgument($"{wrong} is not a valid domain", wrong, "write search domains as example.org, or . for none");
    }

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Domain();
}
