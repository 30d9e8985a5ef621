using System.Globalization;
using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Restore-Container: has the processes of checkpointed containers go on and emits the containers.</summary>
[Cmdlet(VerbsData.Restore, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RestoreContainerCommand : ContainerCmdlet
{
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

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Restore container"))
            Run(target.ErrorTarget, () => RestoreAsync(target));
    }

    private async Task RestoreAsync(ContainerTarget target)
    {
        var restoration = await Engine.RestoreContainerAsync(target.Key, new ContainerRestoreRequest
        {
            TcpEstablished = TcpEstablished,
            TcpClose = TcpClose,
            FileLocks = FileLock,
            IgnoreStaticIp = IgnoreStaticIp,
            IgnoreStaticMac = IgnoreStaticMac,
            Keep = Keep,
        }, Cancellation);
        if (restoration.Statistics is { } statistics)
            await OnPipelineAsync(() => WriteVerbose(string.Create(CultureInfo.InvariantCulture,
                $"{target.Display}: {statistics.PagesRestored} pages in {statistics.RestoreTime.TotalMilliseconds:0} ms; the OCI runtime took {restoration.Duration.TotalMilliseconds:0} ms")));
        await EmitAsync(restoration.Container);
    }
}
