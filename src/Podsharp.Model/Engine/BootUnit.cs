namespace Podsharp.Model;

/// <summary>The systemd unit that starts containers after a reboot, as their restart policies ask.</summary>
public sealed record BootUnit
{
    /// <summary>Its name, for systemctl.</summary>
    public required string Name { get; init; }
    /// <summary>Its file.</summary>
    public required string Path { get; init; }
    /// <summary>Whether it is enabled.</summary>
    public BootUnitState State { get; init; }
    /// <summary>Why it isn't enabled, or can't be; empty where it is.</summary>
    public string Reason { get; init; } = "";
}
