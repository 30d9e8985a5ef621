namespace Podsharp.Model;

/// <summary>What becomes of a pod when the last of its ordinary containers has ended.</summary>
public enum PodExitPolicy
{
    /// <summary>Its infra container runs on.</summary>
    Continue,
    /// <summary>The pod is stopped.</summary>
    Stop,
}
