using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Orchestration.Files;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Export-ContainerImage: writes images, all into one archive or directory.</summary>
[Cmdlet(VerbsData.Export, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
[Alias("Save-ContainerImage")]
public sealed class ExportContainerImageCommand : ImageCmdlet
{
    private const int ProgressActivity = 6999;
    private const long ProgressInterval = 100;

    private readonly List<ImageTarget> targets = [];

    /// <summary>The archive to write; with a directory's format, the directory.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [Alias("PSPath", "FilePath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What to write.</summary>
    [Parameter]
    public ImageArchiveFormat Format { get; set; }

    /// <summary>Whether layers are compressed: usual for OCI's formats, possible for a directory in Docker's form. -Compress:$false leaves them plain.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <summary>Does not replace a file that is there.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    // Images are looked up one after the other, and saved when all are known.
    private protected override int Parallelism => 1;

    private protected override void Accept(ImageTarget target) => targets.Add(target);

    private protected override void AcceptEnd() => Run(target: null, async () => await OnPipelineAsync(Begin));

    private bool IsDirectory => Format is ImageArchiveFormat.OciDirectory or ImageArchiveFormat.DockerDirectory;

    private void Begin()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (targets.Count > 0 && ShouldProcess(string.Join(", ", targets.Select(target => target.Display)), $"Save to {path}"))
            Run(targets.Count == 1 ? targets[0].ErrorTarget : path, () => SaveAsync(path));
    }

    private async Task SaveAsync(string path)
    {
        var request = new ImageSaveRequest
        {
            Images = [.. targets.Select(target => new ImageToSave(target.Key, target.Image?.Names.Where(name => !name.Contains('@')).ToList() ?? []))],
            Format = Format,
            Compress = MyInvocation.BoundParameters.ContainsKey(nameof(Compress)) ? (bool)Compress : null,
        };
        if (IsDirectory)
            await ShowAsync(path, ImageDirectory.SaveAsync(Engine, request, path, Cancellation));
        else
            await OutputFile.WriteAsync(path, NoClobber, file => ShowAsync(path, Engine.SaveImagesAsync(request, file, Cancellation)));
        await EmitFileAsync(path);
    }

    private async Task ShowAsync(string path, IAsyncEnumerable<ImageSaveProgress> steps)
    {
        var last = 0L;
        await foreach (var step in steps)
        {
            if (Environment.TickCount64 - last < ProgressInterval)
                continue;
            last = Environment.TickCount64;
            await OnPipelineAsync(() => WriteProgress(new ProgressRecord(ProgressActivity, "Saving to " + path, step.Reference)
            {
                CurrentOperation = "Layer " + step.BlobDigest,
                PercentComplete = step.Total > 0 ? (int)Math.Min(100, 100 * step.Current / step.Total) : -1,
            }));
        }
        await OnPipelineAsync(() => WriteProgress(new ProgressRecord(ProgressActivity, "Saving to " + path, "Done") { RecordType = ProgressRecordType.Completed }));
    }
}
