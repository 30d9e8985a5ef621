namespace Podsharp.Engine.State;

/// <summary>The steps that are written down before they are done.</summary>
internal static class Intent
{
    /// <summary>The container's storage is being made; undone if found.</summary>
    public const string Create = "create";

    /// <summary>As <see cref="Create"/>, of a container that brings its files and volumes; undone if found, the volumes with it.</summary>
    public const string Import = "import";

    /// <summary>Mounts, network and runtime container are being made; undone if found.</summary>
    public const string Init = "init";

    /// <summary>The process is being started; the runtime knows whether it was.</summary>
    public const string Start = "start";

    /// <summary>The processes are being frozen; the runtime knows whether they were.</summary>
    public const string Pause = "pause";

    /// <summary>Frozen processes are being let go on; the runtime knows whether they were.</summary>
    public const string Resume = "resume";

    /// <summary>The processes are frozen for as long as somebody reads the container's files; let go on if found.</summary>
    public const string Hold = "hold";

    /// <summary>The processes are being dumped and ended; the dump's files and the processes tell whether they were.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The processes are being dumped and run on; forgotten if found.</summary>
    public const string Dump = "dump";

    /// <summary>The row has the new name, the store's record perhaps not yet; finished if found.</summary>
    public const string Rename = "rename";

    /// <summary>The row has the new limits, what runs perhaps not yet; finished if found.</summary>
    public const string Update = "update";

    /// <summary>The row has the new networks and ports, what runs perhaps not yet; finished if found.</summary>
    public const string Network = "network";

    /// <summary>What a run held is being taken down; finished if found.</summary>
    public const string Cleanup = "cleanup";

    /// <summary>The container is being removed; finished if found.</summary>
    public const string Remove = "remove";

    /// <summary>As <see cref="Remove"/>, with the anonymous volumes.</summary>
    public const string RemoveWithVolumes = "remove-volumes";

    /// <summary>Whether the container isn't there yet.</summary>
    public static bool IsCreation(string? intent) => intent is Create or Import;

    /// <summary>Whether the container is being removed.</summary>
    public static bool IsRemoval(string? intent) => intent is Remove or RemoveWithVolumes;
}
