using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Send-ContainerSignal: sends a signal to containers' first processes.</summary>
[Cmdlet(VerbsCommunications.Send, "ContainerSignal", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SendContainerSignalCommand : ContainerCmdlet
{
    /// <summary>The signal: a name, with or without SIG, or a number.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = "SIGKILL";

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, $"Send {Signal}"))
            Run(target.ErrorTarget, () => Engine.KillContainerAsync(target.Key, Signal, Cancellation));
    }
}
