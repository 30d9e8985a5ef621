using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Facts about the engine and its host, for people: the only place that asks programs for their versions.</summary>
internal sealed class EngineInformation(EngineParts parts)
{
    /// <summary>Collects them.</summary>
    public ContainerEngineInfo Collect()
    {
        var warnings = new List<string>();
        var runtime = Try(() => parts.Components.ChooseRuntime(null), warnings);
        if (parts.StorageConfiguration.Refusal is { } refusal)
            warnings.Add(refusal.Message);
        var memory = MemoryInfo();
        return new()
        {
            Version = typeof(EngineInformation).Assembly.GetName().Version?.ToString(3) ?? "",
            Distribution = Distribution(),
            Kernel = parts.Host.KernelRelease,
            HostName = parts.Host.HostName,
            Architecture = parts.Host.Architecture,
            Cpus = Environment.ProcessorCount,
            MemoryTotal = memory.Total,
            MemoryFree = memory.Free,
            CgroupMode = parts.Host.Cgroups.Mode.ToString().ToLowerInvariant(),
            CgroupManager = Try(() => parts.CgroupManager, warnings) ?? "cgroupfs",
            CgroupControllers = [.. parts.Host.Cgroups.Controllers.Order(StringComparer.Ordinal)],
            Rootless = parts.Host.IsRootless,
            Runtime = runtime is null ? null : new(runtime.Name, runtime.Path, OciRuntime.Version(runtime.Path)),
            RuntimeReason = runtime?.Reason ?? "",
            Conmon = Component("conmon", () => parts.Components.Conmon, warnings),
            NetworkBackend = parts.Networks.UsesCni ? "cni" : "netavark",
            Netavark = parts.Networks.UsesCni ? null : Component("netavark", () => parts.Components.Netavark, warnings),
            AardvarkDns = parts.Components.AardvarkDns is { } dns ? new("aardvark-dns", dns, OciRuntime.Version(dns)) : null,
            Init = Component("catatonit", () => parts.Components.Init, warnings),
            GraphRoot = parts.StorageConfiguration.GraphRoot,
            RunRoot = parts.StorageConfiguration.RunRoot,
            StorageDriver = parts.StorageConfiguration.Driver,
            StateDirectory = parts.Paths.StateDirectory,
            VolumePath = parts.Paths.VolumeDirectory,
            EventsBackend = parts.EventsBackend,
            Security = Security(),
            Containers = parts.Lister.List(new() { All = true }).GroupBy(container => container.State.ToString().ToLowerInvariant())
                .ToDictionary(group => group.Key, group => group.Count()),
            Images = parts.Storage.ListImages().Count,
            Warnings = warnings,
            Capabilities =
            [
                EngineCapability.StableErrorIds, EngineCapability.LayerProgress, EngineCapability.LocalPaths, EngineCapability.ImageImport,
                EngineCapability.LostContainers,
            ],
        };
    }

    private static T? Try<T>(Func<T> find, List<string> warnings) where T : class
    {
        try
        {
            return find();
        }
        catch (ContainerEngineException e)
        {
            warnings.Add(e.Message);
            return null;
        }
    }

    private static ComponentInfo? Component(string name, Func<string> find, List<string> warnings) =>
        Try(find, warnings) is { } path ? new(name, path, OciRuntime.Version(path)) : null;

    private List<string> Security()
    {
        var modules = new List<string>();
        if (parts.Host.Seccomp)
            modules.Add("seccomp");
        if (parts.AppArmor.IsEnabled)
            modules.Add("apparmor");
        if (parts.Host.SELinux)
            modules.Add("selinux");
        return modules;
    }

    private static string Distribution() => OsRelease("PRETTY_NAME") ?? "Linux";

    /// <summary>A value of this host's os-release(5); null where it has none.</summary>
    internal static string? OsRelease(string key) => (HostFiles.ReadText("/etc/os-release") ?? "").Split('\n')
        .FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..].Trim('"');

    private static (long Total, long Free) MemoryInfo()
    {
        var text = HostFiles.ReadText("/proc/meminfo") ?? "";
        return (Field("MemTotal:"), Field("MemAvailable:"));

        long Field(string name)
        {
            var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is not null && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
                CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : 0;
        }
    }
}
