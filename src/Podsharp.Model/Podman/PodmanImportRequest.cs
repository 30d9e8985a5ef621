namespace Podsharp.Model;

/// <summary>What of podman's to define here, too. podman's own definitions stay as they are.</summary>
public sealed record PodmanImportRequest
{
    /// <summary>Names, ids or the beginning of ids; all when empty.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>The name here; for a single one only. podman's name, or that with <see cref="Prefix"/>, when null.</summary>
    public string? NewName { get; init; }
    /// <summary>What is put before a name that is taken here. A container's always is while podman has it: both share one store.</summary>
    public string Prefix { get; init; } = "podsharp-";
    /// <summary>podman's database; db.sql in the image store's root when null.</summary>
    public string? Database { get; init; }
    /// <summary>Copies a volume's files with owners and attributes; without it the new volume is empty.</summary>
    public bool CopyData { get; init; }
    /// <summary>Tells what would be made, and makes nothing.</summary>
    public bool DryRun { get; init; }
}
