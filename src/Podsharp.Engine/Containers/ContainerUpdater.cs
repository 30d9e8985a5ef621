using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Engine.Health;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Changes containers: limits at once, through the OCI runtime, all else from the next start on.</summary>
internal sealed class ContainerUpdater(EngineParts parts)
{
    /// <summary>Changes a container, whatever state it is in.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument or Unsupported, and nothing is changed; Runtime where the kernel takes a limit not
    /// (one of memory below what is used), likewise.</exception>
    public ContainerUpdateResult Update(string nameOrId, ContainerUpdate update, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            // First what the host may refuse.
            record = parts.ContainerNetworks.Change(record, update.Networks, update.Ports, cancellationToken);
            var before = record.Config;
            var warnings = new List<string>();
            var config = Changed(before, update, warnings);
            var planned = parts.Specs.Plan(config);
            warnings.AddRange(planned.Warnings.Except(parts.Specs.Plan(before).Warnings));
            if (update.RestartPolicy is { } policy && parts.BootUnits.Warning(policy, record.Name) is { } warning)
                warnings.Add(warning);
            record = parts.Containers.CommitConfig(WithPolicy(record with { Config = config, Intent = Intent.Update }), "update-begin");
            try
            {
                Apply(record, planned, update.Resources);
            }
            catch (ContainerEngineException)
            {
                parts.Containers.CommitConfig(record with { Config = before, Intent = null }, "update-undo");
                throw;
            }
            StepPoints.Reach("container.update.runtime");
            parts.SupervisorProcess.Tell();
            record = WithProcess(record, planned, update);
            if (update.Health is not null)
                record = parts.Health.Apply(record, before.Health);
            return new(parts.Lister.ToModel(parts.Containers.Commit(record with { Intent = null }, "update", "update"), lost: false), warnings);
        }
    }

    /// <summary>Finishes a change that was begun: what runs gets all limits that its configuration names. Where the kernel refuses them they hold
    /// from the next start on.</summary>
    public ContainerRecord Settle(ContainerRecord record)
    {
        try
        {
            var limits = record.Config.Spec.Resources with { OomKillDisable = false, OomScoreAdj = null };
            Apply(record, parts.Specs.Plan(record.Config), limits with
            {
                // One that was taken away is not named any more.
                Memory = limits.Memory ?? (Has("memory") ? 0 : null),
                PidsLimit = limits.PidsLimit ?? (Has("pids") ? 0 : null),
                CpuQuota = limits.CpuQuota ?? (Has("cpu") ? 0 : null),
            });
        }
        catch (ContainerEngineException)
        {
        }
        record = parts.Health.Apply(record, record.Config.Health);
        return parts.Containers.Commit(record with { Intent = null }, "update", "update");

        bool Has(string controller) => record.Config.CgroupPath.Length > 0 && parts.Host.Cgroups.Controllers.Contains(controller);
    }

    private ContainerConfig Changed(ContainerConfig config, ContainerUpdate update, List<string> warnings)
    {
        var spec = config.Spec;
        if (LimitChange.IsAny(update.Resources))
        {
            if (config.CgroupPath.Length == 0)
                throw EngineErrors.InvalidArgument($"the limits of container {config.Name} can't be changed: it has no control group", config.Name, "change only the rest");
            LimitChange.Check(update.Resources, parts.Host);
            spec = spec with { Resources = LimitChange.Apply(spec.Resources, update.Resources) };
        }
        if (update.RestartPolicy is { } policy)
        {
            if (spec.AutoRemove && policy.Kind != RestartPolicyKind.No)
                throw EngineErrors.InvalidArgument($"container {config.Name} can't have a restart policy: it is removed when it stops (--rm)", policy.ToString(),
                    "make a new container without --rm");
            spec = spec with { RestartPolicy = policy };
        }
        var health = config.Health;
        if (update.Health is { } change)
        {
            spec = spec with { Health = HealthPlanner.Change(spec.Health, change) };
            health = HealthPlanner.Plan(spec.Health, config.ImageConfig.HealthCheck, warnings);
        }
        var variables = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in update.Environment)
            variables[name] = value;
        foreach (var name in update.RemoveEnvironment)
            variables.Remove(name);
        return config with
        {
            Health = health,
            Spec = spec with
            {
                Environment = variables,
                RemoveEnvironment = [.. spec.RemoveEnvironment.Except(update.Environment.Keys).Union(update.RemoveEnvironment)],
                Ulimits = update.Ulimits ?? spec.Ulimits,
            },
        };
    }

    /// <summary>A container that waits for its restart does so only as long as its policy wants it.</summary>
    private static ContainerRecord WithPolicy(ContainerRecord record) =>
        record.NextStart is null || RestartSchedule.Wants(record, record.ExitCode ?? 0) ? record : RestartSchedule.Off(record);

    private void Apply(ContainerRecord record, GeneratedSpec planned, ResourceLimits change)
    {
        if (!record.HasRun || record.State == ContainerState.Stopped || !LimitChange.IsAny(change) || planned.Spec.Linux.Resources is not { } resources)
            return;
        var path = Path.Combine(parts.Storage.RunDirectory(record.Id), "resources.json");
        Files.Replace(path, OciSpecJson.Serialize(LimitChange.ToRuntime(resources, change, parts.Host)), 0x180, durable: false);
        try
        {
            parts.RuntimeOf(record.Config).Update(record.Id, path);
        }
        catch (ContainerEngineException) when (!ProcessTable.IsAlive(record.Pid, record.PidStart))
        {
            // It has ended meanwhile: then the next start counts.
        }
        finally
        {
            _ = Files.TryRemove(path);
        }
    }

    /// <summary>Commands in what runs, and inspect, take the process from its bundle and its record: as with podman they have the new variables.</summary>
    private ContainerRecord WithProcess(ContainerRecord record, GeneratedSpec planned, ContainerUpdate update)
    {
        if (record.Run is not { Process: { } process } run || (update.Environment.Count == 0 && update.RemoveEnvironment.Count == 0 && update.Ulimits is null))
            return record;
        var variables = new EnvironmentList();
        foreach (var variable in process.Environment)
            variables.SetText(variable);
        foreach (var (name, value) in update.Environment)
            variables.Set(name, value);
        foreach (var name in update.RemoveEnvironment)
            variables.Remove(name);
        if (record.HasRun)
            Rewrite(Path.Combine(parts.Storage.RunDirectory(record.Id), "config.json"), variables.ToList(), planned.Spec.Process.Rlimits);
        return record with { Run = run with { Process = process with { Environment = variables.ToList() } } };
    }

    private static void Rewrite(string path, IReadOnlyList<string> environment, IReadOnlyList<OciRlimit>? limits)
    {
        if (Files.TryReadAll(path) is not { } bytes || JsonNode.Parse(bytes) is not { } document || document["process"] is not JsonObject process)
            return;
        process["env"] = new JsonArray([.. environment.Select(variable => (JsonNode)JsonValue.Create(variable))]);
        process["rlimits"] = new JsonArray([.. (limits ?? []).Select(limit => new JsonObject { ["type"] = limit.Type, ["hard"] = limit.Hard, ["soft"] = limit.Soft })]);
        Files.Replace(path, Encoding.UTF8.GetBytes(document.ToJsonString()), 0x180, durable: false);
    }
}
