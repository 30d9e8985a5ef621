namespace Podsharp.Engine.Build.Syntax;

/// <summary>Who may use a cache at once.</summary>
internal enum CacheSharing
{
    /// <summary>Everybody.</summary>
    Shared,

    /// <summary>One at a time; another gets a directory of its own.</summary>
    Private,

    /// <summary>One at a time; others wait.</summary>
    Locked,
}
