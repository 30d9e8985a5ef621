namespace Podsharp.Model;

/// <summary>When a container is started again after its process's end.</summary>
public enum RestartPolicyKind
{
    /// <summary>Never.</summary>
    No,
    /// <summary>After an exit code other than 0.</summary>
    OnFailure,
    /// <summary>After every end but a stop by a user, and after a reboot, even if a user had stopped it before.</summary>
    Always,
    /// <summary>As <see cref="Always"/>, but what a user stopped stays so after a reboot.</summary>
    UnlessStopped,
}
