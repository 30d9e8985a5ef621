namespace Podsharp.Binding;

/// <summary>Which of podman's notations a mount's text is in.</summary>
internal enum MountSyntax
{
    /// <summary>[SOURCE:]TARGET[:OPTIONS]</summary>
    Volume,
    /// <summary>type=...,source=...,target=...</summary>
    Mount,
    /// <summary>TARGET[:OPTIONS]</summary>
    Tmpfs,
}
