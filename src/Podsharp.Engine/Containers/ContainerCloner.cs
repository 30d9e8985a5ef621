using System.Text.RegularExpressions;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Makes containers like others: from what those were made of, not from what has become of them.</summary>
internal sealed partial class ContainerCloner(EngineParts parts)
{
    /// <summary>Makes a container like another one, in whatever state that is.</summary>
    /// <exception cref="ContainerEngineException">What a creation raises; InvalidState for one that runs and is to go.</exception>
    public ContainerCreateResult Clone(string nameOrId, ContainerCloneRequest request, CancellationToken cancellationToken)
    {
        if (request.Force && !request.Destroy)
            throw EngineErrors.InvalidArgument("cannot set --force without --destroy", "force", "say that the container is to be destroyed, too");
        var record = parts.Containers.Get(parts.Containers.Resolve(nameOrId));
        record = parts.Settler.TrySettle(record) ?? throw EngineErrors.ContainerNotFound(nameOrId);
        // podman finds out when the new one is made, and leaves both.
        if (request is { Destroy: true, Force: false } && record.State is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping)
            throw EngineErrors.InvalidState(record.Id, $"can't destroy container {record.Name}: it is {record.State.ToString().ToLowerInvariant()}", "stop it first, or add force");
        var result = Make(record, Spec(record.Config, request), cancellationToken);
        if (request.Destroy)
            parts.Remover.Remove(record.Id, new RemoveOptions { Force = request.Force, Ignore = true }, cancellationToken);
        return result;
    }

    private ContainerCreateResult Make(ContainerRecord record, ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Name is not null)
            return parts.Creator.Create(spec, cancellationToken);
        var stem = CloneSuffix().Replace(record.Name, "") + "-clone";
        for (var number = 0; ; number++)
        {
            var name = number == 0 ? stem : $"{stem}{number}";
            if (parts.Containers.FindByName(name) is not null)
                continue;
            try
            {
                return parts.Creator.Create(spec with { Name = name }, cancellationToken);
            }
            catch (ContainerEngineException error) when (error.Kind == ErrorKind.NameInUse)
            {
                // Another engine's, or one that somebody makes at this moment.
            }
        }
    }

    /// <summary>The other's, but for what belongs to that one alone: its files on the host, the descriptors of who started it.</summary>
    private ContainerSpec Spec(ContainerConfig config, ContainerCloneRequest request)
    {
        var spec = Pods.PodMembership.Leave(config, config.Spec);
        return spec with
        {
            Name = request.Name,
            Pod = request.Pod,
            InitContainer = request.Pod is null ? null : config.Spec.InitContainer,
            Image = request.Image ?? (spec.RootFs is null ? Image(config) : ""),
            RootFs = request.Image is null ? spec.RootFs : null,
            // As they were planned: with the anonymous volumes, which both have then, and without those whose mounts it took.
            Mounts = config.Mounts,
            VolumesFrom = [],
            Resources = LimitChange.IsAny(request.Resources) ? LimitChange.Apply(spec.Resources, request.Resources) : spec.Resources,
            IdFile = null,
            PidFile = null,
            ConmonPidFile = null,
            PreserveDescriptors = [],
            LogOptions = spec.LogOptions.Where(option => option.Key != "path").ToDictionary(),
            CreateCommand = request.CreateCommand.Count > 0 ? request.CreateCommand : spec.CreateCommand,
        };
    }

    // By the name as long as that is still the same image's.
    private string Image(ContainerConfig config) => config.ImageName.Length > 0 && parts.Images.Find(config.ImageName)?.Image.Id == config.ImageId ? config.ImageName : config.ImageId;

    [GeneratedRegex("-clone[0-9]*$", RegexOptions.CultureInvariant)]
    private static partial Regex CloneSuffix();
}
