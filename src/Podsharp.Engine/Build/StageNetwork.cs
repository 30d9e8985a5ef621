using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>The network that the RUNs of a stage share. Setting one up takes longer than most commands; so where several follow each other, a container
/// that is set up and never started has it, and the others join.</summary>
/// <param name="job">The build.</param>
internal sealed class StageNetwork(BuildJob job)
{
    private string? holder;
    private NamespaceMode? joined;

    /// <summary>The container with the network that it is to have.</summary>
    /// <param name="spec">The container of a RUN.</param>
    /// <param name="moreFollow">Whether it isn't the last one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal ContainerSpec Join(ContainerSpec spec, bool moreFollow, CancellationToken cancellationToken)
    {
        // In a user namespace it would be another's, whose rules a command can't change; and what an ordinary user's network is made by follows a process.
        if (spec.Network.Kind != NamespaceKind.Default || spec.Networks.Count > 0 || job.Parts.Host.IsRootless || spec.UserNamespace is not null || spec.UserMap.Count > 0)
            return spec;
        if (joined is null && !moreFollow)
            return spec;
        joined ??= Make(spec, cancellationToken);
        return spec with { Network = joined };
    }

    /// <summary>Takes the network down.</summary>
    internal void Remove()
    {
        if (holder is not null)
            job.Parts.Remover.Remove(holder, new RemoveOptions { Force = true, Ignore = true, Timeout = 0 }, CancellationToken.None);
        holder = null;
        joined = null;
    }

    // The command is one that the runtime finds, in the image or in what is mounted: it looks. It never runs.
    private NamespaceMode Make(ContainerSpec spec, CancellationToken cancellationToken)
    {
        var command = spec.Command[0];
        var mounts = spec.Mounts.Where(mount => command == mount.Target || command.StartsWith(mount.Target + "/", StringComparison.Ordinal));
        var wanted = spec with { Mounts = [.. mounts], Secrets = [], Environment = EmptyDictionary.Strings };
        holder = job.Parts.Creator.Create(BuildContainers.WithMark(wanted, job.Id), cancellationToken).Container.Id;
        job.Parts.Starter.Initialize(holder, cancellationToken);
        return new(NamespaceKind.Path, job.Parts.Containers.Get(holder).Run!.NetnsPath);
    }
}
