namespace Podsharp.Model;

/// <summary>A pod's state, which follows from its containers' as podman has it. Init containers don't count.</summary>
public enum PodState
{
    /// <summary>None of its containers was started yet.</summary>
    Created,
    /// <summary>All of its containers run.</summary>
    Running,
    /// <summary>Some of its containers run.</summary>
    Degraded,
    /// <summary>None runs, some have ended.</summary>
    Stopped,
    /// <summary>All of its containers have ended.</summary>
    Exited,
    /// <summary>All of its containers are frozen.</summary>
    Paused,
    /// <summary>None of these holds.</summary>
    Error,
}
