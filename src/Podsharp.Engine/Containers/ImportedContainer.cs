using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>A container that is made as it was elsewhere.</summary>
internal sealed record ImportedContainer
{
    /// <summary>Its id; null for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>What it is made of, with its name; in a pod where that is named.</summary>
    public required ContainerSpec Spec { get; init; }

    /// <summary>Whether its volumes come with it: none of them may be here, and they go with it if it can't be made. Otherwise it has those that are here.</summary>
    public bool BringsVolumes { get; init; }

    /// <summary>The name that its image has for inspect; null for the one that is found.</summary>
    public string? ImageName { get; init; }
}
