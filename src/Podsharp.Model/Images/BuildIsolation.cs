namespace Podsharp.Model;

/// <summary>How the commands of a build are kept apart from the host.</summary>
public enum BuildIsolation
{
    /// <summary>In a container of the OCI runtime.</summary>
    Oci,
    /// <summary>In the stage's root alone, without an OCI runtime: with mounts, host name and capabilities of their own, but with the host's processes,
    /// network and limits, and without a filter of system calls. For hosts on which no runtime works.</summary>
    Chroot,
}
