namespace Podsharp.Model;

/// <summary>What has to hold of a container before one that requires it is started.</summary>
public enum RequirementCondition
{
    /// <summary>It runs.</summary>
    Started,
    /// <summary>Its health check has succeeded.</summary>
    Healthy,
    /// <summary>It has ended with exit code 0.</summary>
    Completed,
}
