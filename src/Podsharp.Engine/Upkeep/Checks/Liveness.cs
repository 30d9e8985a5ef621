using System.Globalization;
using System.Text.RegularExpressions;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Which containers are alive. What hangs on a run is damage only if its container isn't, and nobody is at work on it.</summary>
/// <remarks>Directories of the host (network namespaces, netavark's) are shared with podman and with other states of ours: what isn't in this
/// state is left alone while a record of the store or a process names it.</remarks>
internal sealed partial class Liveness
{
    private readonly EngineParts parts;
    private readonly Dictionary<string, ContainerRecord> records;
    private readonly HashSet<string> foreign;
    private readonly Lazy<HashSet<string>> namedByProcesses = new(ReadCommandLines);

    internal Liveness(EngineParts parts, StoreUsers store)
    {
        this.parts = parts;
        // Brings what nobody works on in line with the truth.
        _ = parts.Lister.List(new ContainerQuery { All = true }).Count();
        records = parts.Containers.List().ToDictionary(record => record.Id, StringComparer.Ordinal);
        foreign = [.. store.Containers.Select(container => container.Id).Where(id => !records.ContainsKey(id))];
    }

    /// <summary>The containers of this state.</summary>
    internal IReadOnlyCollection<ContainerRecord> Records => records.Values;

    /// <summary>Whether this state has a container.</summary>
    internal bool IsOurs(string id) => records.ContainsKey(id);

    /// <summary>Whether nothing may be left of a run of a container: it is ours and has none, or it is nobody's.</summary>
    internal bool IsOver(string id)
    {
        if (records.TryGetValue(id, out var record))
            return !record.HasRun && parts.Containers.IsIdle(id);
        return !foreign.Contains(id) && !namedByProcesses.Value.Contains(id) && parts.Containers.IsIdle(id);
    }

    /// <summary>Whether a container is neither in this state nor in the store.</summary>
    internal bool IsGone(string id) => !records.ContainsKey(id) && !foreign.Contains(id) && parts.Containers.IsIdle(id);

    /// <summary>What a damaged thing's owner is, for a sentence.</summary>
    internal string Describe(string id) => records.TryGetValue(id, out var record) ? $"container {record.Name}, which isn't running"
        : $"container {id[..Math.Min(12, id.Length)]}, which is gone";

    // conmon and the runtimes name the container that they serve.
    private static HashSet<string> ReadCommandLines()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in Files.ReadDirectory("/proc"))
        {
            if (!int.TryParse(entry.Name, CultureInfo.InvariantCulture, out var pid))
                continue;
            byte[]? line;
            try
            {
                line = Files.TryReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
            }
            catch (LinuxException)
            {
                continue; // it has ended
            }
            foreach (Match match in ContainerId().Matches(System.Text.Encoding.Latin1.GetString(line ?? [])))
                ids.Add(match.Value);
        }
        return ids;
    }

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerId();
}
