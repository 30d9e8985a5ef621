namespace Podsharp.Model;

/// <summary>A container of a pod, as lists of pods show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="RestartCount">How often its restart policy has started it since a user did.</param>
public sealed record PodContainer(string Id, string Name, ContainerState State, int RestartCount)
{
    /// <summary><c>once</c> or <c>always</c> for an init container, which runs before the others; else null.</summary>
    public string? InitContainer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
