namespace Podsharp.Engine.Volumes;

/// <summary>What no mount option changes the owner or the label of: a slip would take a system from its owner. podman refuses these too.</summary>
internal static class ProtectedPaths
{
    private static readonly HashSet<string> Paths =
        ["/", "/bin", "/boot", "/dev", "/etc", "/etc/passwd", "/etc/pki", "/etc/shadow", "/home", "/lib", "/lib64", "/media", "/opt", "/proc", "/root", "/run",
            "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var", "/var/lib", "/var/log"];

    /// <summary>Whether a path is one of them.</summary>
    internal static bool Contains(string path) => Paths.Contains(path.TrimEnd('/')) || path.Trim('/').Length == 0;
}
