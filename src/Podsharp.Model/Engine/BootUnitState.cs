namespace Podsharp.Model;

/// <summary>Whether containers with a restart policy are started after a reboot.</summary>
public enum BootUnitState
{
    /// <summary>This host can't do it, for the reason given.</summary>
    Unavailable,
    /// <summary>They are not.</summary>
    Disabled,
    /// <summary>They are.</summary>
    Enabled,
}
