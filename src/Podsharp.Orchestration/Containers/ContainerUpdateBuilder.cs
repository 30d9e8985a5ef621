using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Orchestration.Containers;

/// <summary>Turns the options of <c>update</c> into a <see cref="ContainerUpdate"/>.</summary>
public static class ContainerUpdateBuilder
{
    /// <summary>Reads a command line.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static ContainerUpdate Build(ParsedCommand line, CallerContext caller) => new()
    {
        Resources = Resources(line),
        Health = HealthParser.ParseChange(line, caller),
        RestartPolicy = line.Given("restart") ? RestartPolicy.Parse(line.Text("restart")!) : null,
        Environment = ContainerSpecBuilder.Variables(line, caller),
        RemoveEnvironment = line.List("unsetenv"),
        Networks = line.Given("network") ? Networks(line.List("network")) : null,
        Ports = line.Given("publish") ? [.. line.List("publish").Where(text => text.Length > 0).Select(PortMappingParser.Parse)] : null,
        Ulimits = line.Given("ulimit") ? [.. line.List("ulimit").Select(UlimitParser.Parse)] : null,
    };

    /// <summary>Reads networks in place of those a container has.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: a mode, which is settled when a container is made.</exception>
    public static IReadOnlyList<NetworkAttachment> Networks(IReadOnlyList<string> texts)
    {
        var (mode, networks) = NetworkParser.Parse(texts);
        if (mode.Kind is not (NamespaceKind.Default or NamespaceKind.Private))
            throw EngineErrors.InvalidArgument($"a container's network mode can't be changed to \"{mode}\"", mode.ToString(), "name networks, or make the container anew");
        return networks.Count > 0 ? networks : [new NetworkAttachment()];
    }

    /// <summary>Reads limits that are to be changed. For a new container some values ask for nothing; here they would change something, or come to
    /// nothing unnoticed.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static ResourceLimits Resources(ParsedCommand line)
    {
        foreach (var option in new[] { "blkio-weight", "cpu-rt-period", "cpu-rt-runtime" })
            if (line.Given(option) && line.Number(option) == 0)
                throw EngineErrors.InvalidArgument($"the value of --{option} is out of range", option, "give a number above 0: it can't be taken away again");
        foreach (var option in new[] { "cpuset-cpus", "cpuset-mems" })
            if (line.Given(option) && line.Text(option)!.Length == 0)
                throw EngineErrors.InvalidArgument($"--{option} is empty", option, "name all of them: 0-3");
        return ContainerSpecBuilder.Resources(line) with
        {
            Cpus = line.Given("cpus") ? line.Decimal("cpus") : null,
            MemorySwappiness = line.Given("memory-swappiness") ? line.Number("memory-swappiness") : null,
        };
    }
}
