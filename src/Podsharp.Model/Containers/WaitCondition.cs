namespace Podsharp.Model;

/// <summary>What a wait waits for.</summary>
public enum WaitCondition
{
    /// <summary>The process has ended.</summary>
    Stopped,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It is gone.</summary>
    Removed,
    /// <summary>The process has ended and everything is taken down.</summary>
    Exited,
}
