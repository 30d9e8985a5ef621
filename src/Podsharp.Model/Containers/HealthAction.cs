namespace Podsharp.Model;

/// <summary>What is done with a container that is unhealthy.</summary>
public enum HealthAction
{
    /// <summary>Nothing: it is shown to be unhealthy.</summary>
    None,
    /// <summary>It gets SIGKILL.</summary>
    Kill,
    /// <summary>It is stopped and started again.</summary>
    Restart,
    /// <summary>It is stopped.</summary>
    Stop,
}
