using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A container's facts in the words of <c>ps</c>.</summary>
public static class ContainerText
{
    /// <summary>The state's name in JSON and filters.</summary>
    public static string State(ContainerState state) => state == ContainerState.External ? "storage" : state.ToString().ToLowerInvariant();

    /// <summary>The STATUS column: <c>Up 5 seconds</c>, <c>Exited (0) 3 minutes ago</c>.</summary>
    public static string Status(Container container, DateTimeOffset now) => container.Health == HealthStatus.None
        ? StateText(container, now)
        : $"{StateText(container, now)} ({container.Health.ToString().ToLowerInvariant()})";

    private static string StateText(Container container, DateTimeOffset now) => container.State switch
    {
        ContainerState.Running => "Up " + Human.Duration(now - (container.Started ?? now)),
        // docker's words: podman has no pause in which to show it.
        ContainerState.Exited when container.NextStart is not null =>
            $"Restarting ({container.ExitCode ?? 0}){(container.Finished is { } ended ? " " + Human.Ago(ended, now) : "")}",
        ContainerState.Exited or ContainerState.Stopped =>
            $"Exited ({container.ExitCode ?? 0}){(container.Finished is { } finished ? " " + Human.Ago(finished, now) : "")}",
        ContainerState.External => "Storage",
        var state => state.ToString(),
    };

    /// <summary>The PORTS column.</summary>
    public static string Ports(Container container) => string.Join(", ", [.. container.Ports.Select(port => port.ToString()), .. Exposed(container)]);

    // Those that aren't published, neighbours as a range: 90/udp, 7000-7002/tcp.
    private static IEnumerable<string> Exposed(Container container)
    {
        var published = container.Ports.SelectMany(port => Enumerable.Range(port.ContainerPort, port.Range).Select(number => (port.Protocol, Number: number))).ToHashSet();
        var exposed = container.ExposedPorts.Select(text => text.Split('/')).Select(parts => (Protocol: parts[1], Number: int.Parse(parts[0], CultureInfo.InvariantCulture)))
            .Where(port => !published.Contains(port)).OrderBy(port => port.Protocol, StringComparer.Ordinal).ThenBy(port => port.Number).ToList();
        for (var i = 0; i < exposed.Count;)
        {
            var (protocol, first) = exposed[i];
            var last = first;
            while (++i < exposed.Count && exposed[i] == (protocol, last + 1)) last++;
            yield return last == first ? $"{first}/{protocol}" : $"{first}-{last}/{protocol}";
        }
    }

    /// <summary>The SIZE column: <c>11.4kB (virtual 2.23MB)</c>.</summary>
    public static string Size(Container container) => container.SizeRw is not { } own ? ""
        : $"{Human.Size(own, 3)} (virtual {Human.Size(container.SizeRootFs ?? own, 3)})";

    /// <summary>The COMMAND column.</summary>
    public static string Command(Container container, bool whole)
    {
        var text = string.Join(' ', container.Command);
        return whole || text.Length <= 20 ? text : text[..17] + "...";
    }

    /// <summary>A network namespace's mode as podman's inspect writes it.</summary>
    public static string NetworkMode(ContainerSpec spec) => spec.Network.Kind switch
    {
        NamespaceKind.Default or NamespaceKind.Private => "bridge",
        _ => spec.Network.ToString(),
    };
}
