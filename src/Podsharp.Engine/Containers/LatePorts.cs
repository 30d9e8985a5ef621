using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Ports that were published while their container ran. No socket of its conmon holds them, so that other containers of ours would take them, too: a
/// file for each such container has them looked at. Where there is none, nothing is read.</summary>
internal sealed class LatePorts(EngineParts parts)
{
    private string Directory => Path.Combine(parts.Paths.TmpDirectory, "late-ports");

    /// <summary>Notes a container before its ports change.</summary>
    public void Add(string id)
    {
        PrivateDirectory.Ensure(Directory);
        Files.Replace(Path.Combine(Directory, id), [], 0x180 /* 0600 */, durable: false);
    }

    /// <summary>Forgets a container that has ended; one that wasn't noted is fine.</summary>
    public void Remove(string id) => _ = Files.TryRemove(Path.Combine(Directory, id));

    /// <summary>Makes sure that no other container has published these ports late.</summary>
    /// <exception cref="ContainerEngineException">PortInUse.</exception>
    public void Check(IReadOnlyList<PortMapping> ports, string id)
    {
        if (ports.Count == 0 || !System.IO.Directory.Exists(Directory))
            return;
        foreach (var other in System.IO.Directory.EnumerateFiles(Directory).Select(Path.GetFileName).OfType<string>().Where(name => name != id))
        {
            if (parts.Containers.Find(other) is not { HasRun: true } record)
                continue;
            if (ports.FirstOrDefault(port => record.Config.Ports.Any(taken => PortPlan.Overlap(port, taken))) is { } port1)
                throw new ContainerEngineException(ErrorKind.PortInUse, "PortInUse", $"the host port {port1.HostPort}/{port1.Protocol} is already in use by the container {record.Name}",
                    port1.ToString(), "stop what uses it, or publish another port");
        }
    }
}
