namespace Podsharp.Orchestration.CommandLine;

/// <summary>What becomes of an option that podman has.</summary>
public enum OptionSupport
{
    /// <summary>It does what podman's does.</summary>
    Full,
    /// <summary>It is known and refused, but for the values that ask for what is done anyway.</summary>
    NotYet,
    /// <summary>It is known and refused, for a reason that is told.</summary>
    Refused,
    /// <summary>It is accepted and does nothing, because there is nothing to do.</summary>
    NoEffect,
}
