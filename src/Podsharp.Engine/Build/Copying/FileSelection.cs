namespace Podsharp.Engine.Build.Copying;

/// <summary>What ignore rules say of a file.</summary>
internal enum FileSelection
{
    /// <summary>It is copied.</summary>
    Copied,

    /// <summary>It is left out; below it something may not be.</summary>
    LeftOut,

    /// <summary>It is left out with all below it.</summary>
    LeftOutWhole,
}
