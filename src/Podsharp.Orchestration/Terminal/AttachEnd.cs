namespace Podsharp.Orchestration.Terminal;

/// <summary>How an attach ended.</summary>
public enum AttachEnd
{
    /// <summary>The container's output ended.</summary>
    Ended,
    /// <summary>The user detached; the container goes on.</summary>
    Detached,
}
