namespace Podsharp.Model;

/// <summary>What to do after a container's or exec session's exit (conmon's exit command).</summary>
public sealed record ContainerCleanup
{
    /// <summary>An exec session to clean up in place of the container.</summary>
    public string? ExecId { get; init; }
    /// <summary>Remove it afterwards.</summary>
    public bool Remove { get; init; }
    /// <summary>Remove its image afterwards; InUse where a container still uses it.</summary>
    public bool RemoveImage { get; init; }
    /// <summary>Leave it alone if it runs (again).</summary>
    public bool StoppedOnly { get; init; }
}
