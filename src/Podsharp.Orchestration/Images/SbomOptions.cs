using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>What people write about bills of materials: podman's options and presets.</summary>
public sealed record SbomOptions
{
    private const string Syft = "ghcr.io/anchore/syft";
    private const string Trivy = "ghcr.io/aquasecurity/trivy";

    /// <summary>A known scanner: syft, syft-cyclonedx, syft-spdx, trivy, trivy-cyclonedx or trivy-spdx.</summary>
    public string? Preset { get; init; }
    /// <summary>The scanner's image, in place of a preset's.</summary>
    public string? ScannerImage { get; init; }
    /// <summary>The scanner's commands.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
    /// <summary>How several scans become one, in podman's words.</summary>
    public string? Merge { get; init; }
    /// <summary>A file for the bill.</summary>
    public string? Output { get; init; }
    /// <summary>A file for its package addresses.</summary>
    public string? PackagesOutput { get; init; }
    /// <summary>Where in the image the bill is put.</summary>
    public string? ImagePath { get; init; }
    /// <summary>Where in the image its package addresses are put.</summary>
    public string? ImagePackagesPath { get; init; }

    /// <summary>Reads the options; null where none was given.</summary>
    public static SbomOptions? From(ParsedCommand line, CallerContext caller)
    {
        string[] words = ["sbom", "sbom-scanner-image", "sbom-scanner-command", "sbom-merge-strategy", "sbom-output", "sbom-purl-output", "sbom-image-output", "sbom-image-purl-output"];
        return !words.Any(line.Given) ? null : new SbomOptions
        {
            Preset = line.Text("sbom"),
            ScannerImage = line.Text("sbom-scanner-image"),
            Commands = line.List("sbom-scanner-command"),
            Merge = line.Text("sbom-merge-strategy"),
            Output = line.Text("sbom-output") is { Length: > 0 } output ? caller.Resolve(output) : null,
            PackagesOutput = line.Text("sbom-purl-output") is { Length: > 0 } packages ? caller.Resolve(packages) : null,
            ImagePath = line.Text("sbom-image-output"),
            ImagePackagesPath = line.Text("sbom-image-purl-output"),
        };
    }

    /// <summary>The request.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: a preset or strategy isn't known, or something is missing.</exception>
    public SbomRequest Build()
    {
        var (image, commands, merge) = Named(Preset ?? "");
        if (ScannerImage is { Length: > 0 } || Commands.Count > 0 || Merge is { Length: > 0 })
            (image, commands, merge) = (ScannerImage ?? "", Commands, Merge ?? "");
        if (image.Length == 0 || commands.Count == 0)
            throw EngineErrors.InvalidArgument("sbom configuration missing one or more of (\"--sbom-scanner-image\" or \"--sbom-scanner-command\")", null, "give both, or a preset with --sbom");
        if (string.IsNullOrEmpty(Output) && string.IsNullOrEmpty(PackagesOutput) && string.IsNullOrEmpty(ImagePath) && string.IsNullOrEmpty(ImagePackagesPath))
            throw EngineErrors.InvalidArgument("sbom configuration missing one or more of (\"--sbom-output\", \"--sbom-image-output\", \"--sbom-purl-output\" or \"--sbom-image-purl-output\")");
        if (commands.Count > 1 && merge.Length == 0)
            throw EngineErrors.InvalidArgument("sbom configuration included multiple \"--sbom-scanner-command\" values but no \"--sbom-merge-strategy\" value");
        return new SbomRequest
        {
            ScannerImage = image,
            Commands = [.. commands.Select(Command)],
            Merge = merge switch
            {
                "cat" => SbomMerge.Concatenate,
                "merge-cyclonedx-by-component-name-and-version" => SbomMerge.CycloneDx,
                "merge-spdx-by-package-name-and-versioninfo" => SbomMerge.Spdx,
                _ => throw EngineErrors.InvalidArgument($"sbom arguments included unrecognized merge strategy \"{merge}\"", merge,
                    "choose cat, merge-cyclonedx-by-component-name-and-version or merge-spdx-by-package-name-and-versioninfo"),
            },
            ImagePath = ImagePath is { Length: > 0 } path ? path : null,
            ImagePackagesPath = ImagePackagesPath is { Length: > 0 } packages ? packages : null,
        };
    }

    /// <summary>Writes the files that were asked for.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: one can't be written.</exception>
    public void Write(SbomResult result)
    {
        foreach (var (path, bytes) in new[] { (Output, result.Document), (PackagesOutput, result.Packages) })
        {
            try
            {
                if (path is { Length: > 0 })
                    File.WriteAllBytes(path, bytes.ToArray());
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw EngineErrors.InvalidArgument($"the bill of materials can't be written to {path}: {error.Message}", path, "name another file");
            }
        }
    }

    /// <summary>The media type of a bill of materials, by its members.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it is of no known form.</exception>
    public static string TypeOf(ReadOnlySpan<byte> document)
    {
        var text = System.Text.Encoding.UTF8.GetString(document);
        return text.Contains("\"spdxVersion\"", StringComparison.Ordinal) ? "application/spdx+json"
            : text.Contains("\"CycloneDX\"", StringComparison.Ordinal) ? "application/vnd.cyclonedx+json"
            : throw EngineErrors.InvalidArgument("the bill of materials is neither SPDX nor CycloneDX in JSON", null, "attach it with: podsharp artifact attach --type TYPE");
    }

    // A scanner's image may have no shell: only what needs one gets one.
    private static SbomCommand Command(string text) =>
        text.AsSpan().ContainsAny("<>|") ? new([text], IsForShell: true) : new(ShellWords.Split(text), IsForShell: false);

    private static (string Image, IReadOnlyList<string> Commands, string Merge) Named(string preset) => preset switch
    {
        "" or "syft" or "syft-cyclonedx" => (Syft, [SyftScan("{ROOTFS}", "cyclonedx-json"), SyftScan("{CONTEXT}", "cyclonedx-json")], "merge-cyclonedx-by-component-name-and-version"),
        "syft-spdx" => (Syft, [SyftScan("{ROOTFS}", "spdx-json"), SyftScan("{CONTEXT}", "spdx-json")], "merge-spdx-by-package-name-and-versioninfo"),
        "trivy" or "trivy-cyclonedx" => (Trivy, [TrivyScan("{ROOTFS}", "cyclonedx"), TrivyScan("{CONTEXT}", "cyclonedx")], "merge-cyclonedx-by-component-name-and-version"),
        "trivy-spdx" => (Trivy, [TrivyScan("{ROOTFS}", "spdx-json"), TrivyScan("{CONTEXT}", "spdx-json")], "merge-spdx-by-package-name-and-versioninfo"),
        _ => throw EngineErrors.InvalidArgument($"parsing --sbom flag: unrecognized preset name \"{preset}\"", preset, "choose syft, syft-cyclonedx, syft-spdx, trivy, trivy-cyclonedx or trivy-spdx"),
    };

    private static string SyftScan(string place, string form) => $"/syft scan -q dir:{place} --output {form}={{OUTPUT}}";

    private static string TrivyScan(string place, string form) => $"trivy filesystem -q {place} --format {form} --output {{OUTPUT}}";
}
