using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Orchestration.Files;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Checkpoint-Container: saves the processes of running containers and emits the checkpoints.</summary>
[Cmdlet(VerbsData.Checkpoint, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerCheckpoint))]
public sealed class CheckpointContainerCommand : ContainerCmdlet
{
    private const string AllSet = "All";

    /// <summary>All containers that run, but for those that hold pods' namespaces.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <summary>Lets the container run on.</summary>
    [Parameter]
    public SwitchParameter LeaveRunning { get; set; }

    /// <summary>Takes established TCP connections along.</summary>
    [Parameter]
    public SwitchParameter TcpEstablished { get; set; }

    /// <summary>Takes file locks along.</summary>
    [Parameter]
    [Alias("FileLocks")]
    public SwitchParameter FileLock { get; set; }

    /// <summary>Saves memory only, while the container runs on: the first of two rounds.</summary>
    [Parameter]
    [Alias("PreCheckpoint")]
    public SwitchParameter Pre { get; set; }

    /// <summary>Saves what has changed since the first round.</summary>
    [Parameter]
    public SwitchParameter WithPrevious { get; set; }

    /// <summary>Keeps CRIU's log and statistics beside the checkpoint.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <summary>An archive to write, with all that the container has, or a directory: in it one is made for each container, NAME.tar.zst or the like.</summary>
    [Parameter]
    [Alias("Export", "FilePath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Does not replace a file that is there.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>How the archive is compressed.</summary>
    [Parameter]
    [Alias("Compress")]
    public CheckpointCompression Compression { get; set; }

    /// <summary>The name of an image to be made of the checkpoint.</summary>
    [Parameter]
    [Alias("CreateImage")]
    [ValidateNotNullOrEmpty]
    public string? ImageName { get; set; }

    /// <summary>Leaves the changes of the root file system out of archive and image.</summary>
    [Parameter]
    [Alias("IgnoreRootFs")]
    public SwitchParameter NoRootFileSystem { get; set; }

    /// <summary>Leaves volumes out of archive and image.</summary>
    [Parameter]
    [Alias("IgnoreVolumes")]
    public SwitchParameter NoVolume { get; set; }

    private protected override bool Matches(Container container) => container is { State: ContainerState.Running, IsInfra: false };

    /// <inheritdoc/>
    private protected override void AcceptRecord()
    {
        if (All)
            AcceptAll();
        base.AcceptRecord();
    }

    private protected override void Accept(ContainerTarget target)
    {
        var path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        if (ShouldProcess(target.Display, path is null ? "Checkpoint container" : $"Checkpoint container to {path}"))
            Run(target.ErrorTarget, async () => await EmitAsync(path is null ? await Engine.CheckpointContainerAsync(target.Key, Request(), cancellationToken: Cancellation)
                : await ExportAsync(target, path)));
    }

    private ContainerCheckpointRequest Request() => new()
    {
        LeaveRunning = LeaveRunning,
        TcpEstablished = TcpEstablished,
        FileLocks = FileLock,
        Pre = Pre,
        WithPrevious = WithPrevious,
        Keep = Keep,
        Compression = Compression,
        Image = ImageName,
        IgnoreRootFs = NoRootFileSystem,
        IgnoreVolumes = NoVolume,
    };

    // Memory may hold anything: only its owner can read the archive.
    private async Task<ContainerCheckpoint> ExportAsync(ContainerTarget target, string path)
    {
        if (Directory.Exists(path))
        {
            var name = target.Container?.Name ?? (await Engine.InspectContainerAsync(target.Key, cancellationToken: Cancellation)).Container.Name;
            path = System.IO.Path.Combine(path, name + (Pre ? "-pre" : "") + Extension);
        }
        ContainerCheckpoint? checkpoint = null;
        await OutputFile.WriteAsync(path, NoClobber, async file => checkpoint = await Engine.CheckpointContainerAsync(target.Key, Request(), file, Cancellation), isPrivate: true);
        return checkpoint! with { ArchivePath = path };
    }

    private string Extension => Compression switch
    {
        CheckpointCompression.None => ".tar",
        CheckpointCompression.Gzip => ".tar.gz",
        _ => ".tar.zst",
    };
}
