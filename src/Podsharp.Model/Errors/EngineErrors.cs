namespace Podsharp.Model;

/// <summary>The engine's recurring errors, so that one situation has one id and one wording.</summary>
public static class EngineErrors
{
    /// <summary>No container has this name or id.</summary>
    public static ContainerEngineException ContainerNotFound(string nameOrId) => new(ErrorKind.NotFound, "ContainerNotFound",
        $"no container with name or ID \"{nameOrId}\" found: no such container", nameOrId);

    /// <summary>Other containers require this one.</summary>
    public static ContainerEngineException ContainerRequired(string id, string name, IReadOnlyList<string> dependents) => new(ErrorKind.InUse, "ContainerRequired",
        $"container {id} has dependent containers which must be removed before it: {string.Join(", ", dependents)}", id,
        $"remove them, too: podsharp rm --depend {name}");

    /// <summary>Another program removed a container's storage.</summary>
    public static ContainerEngineException ContainerStorageLost(string id, string name) => new(ErrorKind.InvalidState, "InvalidState",
        $"container {name} has lost its storage: another program removed it", id, $"remove it with: podsharp rm {name}");

    /// <summary>No image has this name or id in local storage.</summary>
    public static ContainerEngineException ImageNotFound(string nameOrId) => new(ErrorKind.NotFound, "ImageNotFound",
        $"{nameOrId}: image not known", nameOrId);

    /// <summary>No volume has this name.</summary>
    public static ContainerEngineException VolumeNotFound(string name) => new(ErrorKind.NotFound, "VolumeNotFound",
        $"no volume with name \"{name}\" found: no such volume", name);

    /// <summary>No pod has this name or id.</summary>
    public static ContainerEngineException PodNotFound(string nameOrId) => new(ErrorKind.NotFound, "PodNotFound",
        $"no pod with name or ID {nameOrId} found: no such pod", nameOrId);

    /// <summary>There is no such secret.</summary>
    public static ContainerEngineException SecretNotFound(string nameOrId) => new(ErrorKind.NotFound, "SecretNotFound",
        $"no secret with name or id \"{nameOrId}\": no such secret", nameOrId);

    /// <summary>An id prefix matches several objects.</summary>
    public static ContainerEngineException Ambiguous(string what, string nameOrId) => new(ErrorKind.Ambiguous, "AmbiguousId",
        $"\"{nameOrId}\" matches more than one {what}", nameOrId, "give more characters of the ID, or the name");

    /// <summary>A name is taken.</summary>
    public static ContainerEngineException NameInUse(string what, string name, string owner) => new(ErrorKind.NameInUse, "NameInUse",
        $"the {what} name \"{name}\" is already in use by {owner}", name,
        $"choose another name, or remove that {what} first");

    /// <summary>An object's state does not allow the operation.</summary>
    public static ContainerEngineException InvalidState(string id, string message, string? remedy = null) =>
        new(ErrorKind.InvalidState, "InvalidState", message, id, remedy);

    /// <summary>The request is malformed.</summary>
    public static ContainerEngineException InvalidArgument(string message, string? target = null, string? remedy = null) =>
        new(ErrorKind.InvalidArgument, "InvalidArgument", message, target, remedy);

    /// <summary>This host or configuration cannot do it.</summary>
    public static ContainerEngineException Unsupported(string message, string? target = null, string? remedy = null) =>
        new(ErrorKind.Unsupported, "Unsupported", message, target, remedy);

    /// <summary>A program or library is missing.</summary>
    public static ContainerEngineException MissingComponent(string component, string purpose, string package) =>
        new(ErrorKind.MissingComponent, "MissingComponent", $"{component} was not found on this host; it is needed {purpose}",
            component, $"install it, on Debian or Ubuntu with: apt-get install {package}");
}
