using System.Globalization;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Files;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Restore-Container: has the processes of checkpointed containers go on and emits the containers.</summary>
[Cmdlet(VerbsData.Restore, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RestoreContainerCommand : ContainerCmdlet
{
    private const string PathSet = "Path";
    private const string ArchiveSet = "Archive";
    private const string ImageSet = "Image";
    private const string AllSet = "All";

    /// <summary>All containers that have been checkpointed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <summary>Archives that Checkpoint-Container -Path or podman has written; wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [Alias("Import")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The same as files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ArchiveSet, ValueFromPipeline = true)]
    [Alias("File")]
    [ValidateNotNullOrEmpty]
    public FileInfo[] Archive { get; set; } = [];

    /// <summary>Images of checkpoints.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>The archive of the first round, which the other one goes on from.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ArchiveSet)]
    [Alias("ImportPrevious")]
    [ValidateNotNullOrEmpty]
    public string? PreviousPath { get; set; }

    /// <summary>Another name for the container, with another id and other addresses.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ArchiveSet)]
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>The pod to restore it in.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ArchiveSet)]
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string? Pod { get; set; }

    /// <summary>Ports to publish in place of those that it had.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ArchiveSet)]
    [Parameter(ParameterSetName = ImageSet)]
    [PortTransformation]
    public PortMapping[]? Publish { get; set; }

    /// <summary>Leaves the changes of the root file system in the archive or image.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ArchiveSet)]
    [Parameter(ParameterSetName = ImageSet)]
    [Alias("IgnoreRootFs")]
    public SwitchParameter NoRootFileSystem { get; set; }

    /// <summary>Leaves the content of volumes in the archive or image: they may exist then.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ArchiveSet)]
    [Parameter(ParameterSetName = ImageSet)]
    [Alias("IgnoreVolumes")]
    public SwitchParameter NoVolume { get; set; }

    /// <summary>Brings established TCP connections back.</summary>
    [Parameter]
    public SwitchParameter TcpEstablished { get; set; }

    /// <summary>Closes the TCP connections that were established.</summary>
    [Parameter]
    public SwitchParameter TcpClose { get; set; }

    /// <summary>Brings file locks back.</summary>
    [Parameter]
    [Alias("FileLocks")]
    public SwitchParameter FileLock { get; set; }

    /// <summary>Takes any addresses, not those that the container had.</summary>
    [Parameter]
    public SwitchParameter IgnoreStaticIp { get; set; }

    /// <summary>Takes any MAC addresses, not those that the container had.</summary>
    [Parameter]
    public SwitchParameter IgnoreStaticMac { get; set; }

    /// <summary>Keeps the checkpoint, CRIU's log and statistics.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    private protected override bool Matches(Container container) => container.Checkpointed is not null;

    /// <inheritdoc/>
    private protected override void AcceptRecord()
    {
        var paths = Archive.Select(file => file.FullName).Concat(Path.SelectMany(path => WildcardPattern.ContainsWildcardCharacters(path)
            ? GetResolvedProviderPathFromPSPath(path, out _) : (IEnumerable<string>)[GetUnresolvedProviderPathFromPSPath(path)]));
        foreach (var path in paths)
            if (ShouldProcess(path, "Restore container from archive"))
                Run(path, () => ImportAsync(path));
        foreach (var image in Image)
            if (ShouldProcess(image, "Restore container from image"))
                Run(image, async () => await EmitAsync(image, await Engine.RestoreContainerAsync(image, Request(), Cancellation)));
        if (All)
            AcceptAll();
        base.AcceptRecord();
    }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Restore container"))
            Run(target.ErrorTarget, async () => await EmitAsync(target.Display, await Engine.RestoreContainerAsync(target.Key, Request(), Cancellation)));
    }

    private ContainerRestoreRequest Request() => new()
    {
        TcpEstablished = TcpEstablished,
        TcpClose = TcpClose,
        FileLocks = FileLock,
        IgnoreStaticIp = IgnoreStaticIp,
        IgnoreStaticMac = IgnoreStaticMac,
        Keep = Keep,
        Name = NewName,
        Pod = Pod,
        Ports = Publish,
        IgnoreRootFs = NoRootFileSystem,
        IgnoreVolumes = NoVolume,
    };

    private async Task ImportAsync(string path)
    {
        await using var archive = InputFile.Open(path);
        await using var previous = PreviousPath is null ? null : InputFile.Open(GetUnresolvedProviderPathFromPSPath(PreviousPath));
        await EmitAsync(path, await Engine.ImportCheckpointAsync(archive, previous, Request(), Cancellation));
    }

    private async Task EmitAsync(string display, ContainerRestoration restoration)
    {
        await WarnAsync(restoration.Warnings);
        if (restoration.Statistics is { } statistics)
            await OnPipelineAsync(() => WriteVerbose(string.Create(CultureInfo.InvariantCulture,
                $"{display}: {statistics.PagesRestored} pages in {statistics.RestoreTime.TotalMilliseconds:0} ms; the OCI runtime took {restoration.Duration.TotalMilliseconds:0} ms")));
        await EmitAsync(restoration.Container);
    }
}
