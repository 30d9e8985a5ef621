namespace Podsharp.Model;

/// <summary>How an image that is built is scanned for a bill of materials, and what becomes of that.</summary>
public sealed record SbomRequest
{
    /// <summary>The image whose commands scan.</summary>
    public required string ScannerImage { get; init; }
    /// <summary>The commands, in this order. <c>{ROOTFS}</c> is the built image's root, <c>{CONTEXT}</c> each directory that the build could use (the command is run
    /// for each), <c>{OUTPUT}</c> the file that it is to write.</summary>
    public required IReadOnlyList<SbomCommand> Commands { get; init; }
    /// <summary>How what several commands have written is put together.</summary>
    public SbomMerge Merge { get; init; }
    /// <summary>Where in the image the bill is put; null for nowhere.</summary>
    public string? ImagePath { get; init; }
    /// <summary>Where in the image the list of package addresses is put; null for nowhere.</summary>
    public string? ImagePackagesPath { get; init; }
}
