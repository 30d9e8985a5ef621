namespace Podsharp.Model;

/// <summary>When an image is fetched.</summary>
public enum PullPolicy
{
    /// <summary>When it isn't in local storage.</summary>
    Missing,
    /// <summary>Each time.</summary>
    Always,
    /// <summary>Never: it must be in local storage.</summary>
    Never,
    /// <summary>When the registry's differs from the local one; a failure is ignored if there is a local one.</summary>
    Newer,
}
