namespace Podsharp.Model;

/// <summary>What a container mount is made of.</summary>
public enum MountType
{
    /// <summary>A path of the host.</summary>
    Bind,
    /// <summary>A named or anonymous volume.</summary>
    Volume,
    /// <summary>Memory.</summary>
    Tmpfs,
}
