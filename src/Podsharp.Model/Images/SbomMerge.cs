namespace Podsharp.Model;

/// <summary>How several bills of materials become one.</summary>
public enum SbomMerge
{
    /// <summary>One after the other; no package addresses are known then.</summary>
    Concatenate,
    /// <summary>CycloneDX: each component once, by name and version.</summary>
    CycloneDx,
    /// <summary>SPDX: each package once, by name and version, and each license.</summary>
    Spdx,
}
