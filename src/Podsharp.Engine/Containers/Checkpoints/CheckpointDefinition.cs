using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What an archive of a checkpoint says of the container in it: its members config.dump and spec.dump.</summary>
internal sealed record CheckpointDefinition
{
    /// <summary>The container's id: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its image; empty for a root file system of the host's.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The name of its image, by which that can be fetched.</summary>
    public string ImageName { get; init; } = "";

    /// <summary>The id of the pod that it was in; empty for none.</summary>
    public string PodId { get; init; } = "";

    /// <summary>Its named and anonymous volumes; all have a source, the volume's name.</summary>
    public IReadOnlyList<ContainerMount> Volumes { get; init; } = [];

    /// <summary>Which engine has made the archive: podsharp or podman.</summary>
    public required string Engine { get; init; }

    /// <summary>The member config.dump: podman's form, with our own definition in it.</summary>
    /// <param name="record">The container.</param>
    /// <param name="spec">The OCI specification that ran: the bundle's config.json.</param>
    public static byte[] Write(ContainerRecord record, ReadOnlyMemory<byte> spec) => throw new NotImplementedException();

    /// <summary>The member spec.dump.</summary>
    /// <param name="record">The container.</param>
    /// <param name="spec">The OCI specification that ran: the bundle's config.json.</param>
    public static byte[] WriteSpec(ContainerRecord record, ReadOnlyMemory<byte> spec) => throw new NotImplementedException();

    /// <summary>Reads the two members of an archive of podman's or ours.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: they are no such thing, or name what no container can be named.</exception>
    public static CheckpointDefinition Read(ReadOnlyMemory<byte> config, ReadOnlyMemory<byte> spec) => throw new NotImplementedException();

    /// <summary>What the container is to be made of again: with its name, its image by id, its mounts as they were planned, its pod's namespaces its own.</summary>
    /// <param name="image">The configuration of its image, which is here by now; an empty one without an image.</param>
    /// <param name="conf">containers.conf.</param>
    /// <param name="networks">The names of this host's networks.</param>
    public (ContainerSpec Spec, IReadOnlyList<string> Warnings) Plan(ImageConfig image, ContainersConf conf, IReadOnlySet<string> networks) =>
        throw new NotImplementedException();
}
