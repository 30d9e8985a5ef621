using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Orchestration.Images;

namespace Podsharp.Commands;

// The parameters of bills of materials.
public sealed partial class BuildContainerImageCommand
{
    /// <summary>Scans the image for a bill of materials, by a known scanner: syft, syft-spdx, trivy, trivy-spdx.</summary>
    [Parameter]
    [ValidateSet("syft", "syft-cyclonedx", "syft-spdx", "trivy", "trivy-cyclonedx", "trivy-spdx")]
    public string? Sbom { get; set; }

    /// <summary>The image of the scanner, for a scanner of your own.</summary>
    [Parameter]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? SbomScannerImage { get; set; }

    /// <summary>The scanner's commands: {ROOTFS}, {CONTEXT} and {OUTPUT} stand for the image's root, the contexts and the file to write.</summary>
    [Parameter]
    public string[] SbomScannerCommand { get; set; } = [];

    /// <summary>How the output of several commands becomes one.</summary>
    [Parameter]
    [ValidateSet("cat", "merge-cyclonedx-by-component-name-and-version", "merge-spdx-by-package-name-and-versioninfo")]
    public string? SbomMergeStrategy { get; set; }

    /// <summary>A file for the bill of materials.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SbomPath { get; set; }

    /// <summary>A file for the package addresses (purl) in it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SbomPackagePath { get; set; }

    /// <summary>Where in the image the bill of materials is put.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SbomImagePath { get; set; }

    /// <summary>Where in the image its package addresses are put.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SbomImagePackagePath { get; set; }

    private SbomOptions? ReadSbom() => Sbom is null && SbomScannerImage is null && SbomScannerCommand.Length == 0 && SbomMergeStrategy is null
        && SbomPath is null && SbomPackagePath is null && SbomImagePath is null && SbomImagePackagePath is null ? null : new SbomOptions
        {
            Preset = Sbom,
            ScannerImage = SbomScannerImage,
            Commands = SbomScannerCommand,
            Merge = SbomMergeStrategy,
            Output = FullPath(SbomPath),
            PackagesOutput = FullPath(SbomPackagePath),
            ImagePath = SbomImagePath,
            ImagePackagesPath = SbomImagePackagePath,
        };
}
