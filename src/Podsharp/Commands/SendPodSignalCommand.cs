using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Send-PodSignal: sends a signal to the first processes of all running containers of pods.</summary>
[Cmdlet(VerbsCommunications.Send, "PodSignal", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SendPodSignalCommand : PodCmdlet
{
    /// <summary>The signal: a name, with or without SIG, or a number.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = "SIGKILL";

    private protected override void Accept(PodTarget target)
    {
        if (ShouldProcess(target.Display, $"Send {Signal}"))
            Run(target.ErrorTarget, async () => await FailuresAsync(await Engine.KillPodAsync(target.Key, Signal, Cancellation)));
    }
}
