using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Devices.Cdi;

/// <summary>The CDI specifications of this host. They are read when a device is asked for: programs of vendors write them anew at every boot.</summary>
/// <param name="directories">Where they are; what a later one has goes before the same device of an earlier one.</param>
internal sealed class CdiRegistry(IReadOnlyList<string> directories)
{
    /// <summary>What the devices bring together: of each specification what all of its devices share, once, and what each has of its own.</summary>
    /// <param name="names">VENDOR/CLASS=NAME.</param>
    /// <exception cref="ContainerEngineException">NotFound for a device that no specification has; DataCorrupt where one can't be read.</exception>
    internal CdiEdits Find(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return CdiEdits.None;
        var (specs, broken) = ReadAll();
        var edits = CdiEdits.None;
        var used = new HashSet<CdiSpec>();
        var missing = new List<string>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var split = name.IndexOf('=', StringComparison.Ordinal);
            var spec = specs.LastOrDefault(spec => spec.Kind == name[..split] && spec.Devices.ContainsKey(name[(split + 1)..]));
            if (spec is null)
            {
                missing.Add(name);
                continue;
            }
            if (used.Add(spec))
                edits = edits.With(spec.Edits);
            edits = edits.With(spec.Devices[name[(split + 1)..]]);
        }
        // A file that is no specification is told of when a device is missed: it may have been in there.
        if (missing.Count > 0)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "CdiDeviceNotFound",
                $"setting up CDI devices: unresolvable CDI devices {string.Join(", ", missing)}" + (broken.Count > 0 ? $" ({broken[0]})" : ""), missing[0],
                $"make a specification of it in {string.Join(" or ", directories)}, or correct the name");
        }
        return edits;
    }

    /// <summary>The full names of GPUs: NVIDIA's, or another vendor's where there is no specification of those.</summary>
    internal IEnumerable<string> NamesOfGpus(IReadOnlyList<string> gpus)
    {
        if (gpus.Count == 0)
            return [];
        var kinds = ReadAll().Specs.Select(spec => spec.Kind).Where(kind => kind.EndsWith("/gpu", StringComparison.Ordinal)).ToList();
        var kind = kinds.Contains("nvidia.com/gpu") || kinds.Count == 0 ? "nvidia.com/gpu" : kinds[0];
        return gpus.Select(gpu => $"{kind}={gpu}");
    }

    private (List<CdiSpec> Specs, List<string> Broken) ReadAll()
    {
        var specs = new List<CdiSpec>();
        var broken = new List<string>();
        foreach (var directory in directories.Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(directory).Where(path => Path.GetExtension(path) is ".json" or ".yaml").Order(StringComparer.Ordinal))
            {
                try
                {
                    if (Files.TryReadAll(path) is { } content)
                        specs.Add(CdiReader.Read(path, content));
                }
                catch (JsonException error)
                {
                    broken.Add($"{path} is not a CDI specification: {error.Message}");
                }
            }
        }
        return (specs, broken);
    }
}
