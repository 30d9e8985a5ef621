using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Terminal;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Start-ContainerProcess: starts a command in running containers and emits an object that tells of it.</summary>
[Cmdlet(VerbsLifecycle.Start, "ContainerProcess", SupportsShouldProcess = true)]
[OutputType(typeof(ExecSession))]
[Alias("Exec-Container")]
public sealed class StartContainerProcessCommand : ExecCmdlet
{
    /// <summary>Doesn't wait for the command's end.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>Gives it a terminal: the session's own.</summary>
    [Parameter]
    public SwitchParameter Terminal { get; set; }

    /// <summary>Connects what is typed.</summary>
    [Parameter]
    public SwitchParameter Input { get; set; }

    // Two commands can't share a terminal.
    private protected override int Parallelism => Detach ? base.Parallelism : 1;

    private protected override async Task ExecuteAsync(ContainerTarget target, ExecSpec spec, PipelineInput? input)
    {
        spec = spec with { Detached = Detach, Terminal = Terminal, Input = !Detach && (Input || input is not null) };
        var session = await Engine.CreateExecAsync(target.Key, spec, Cancellation);
        var attach = new AttachOptions { Input = spec.Input, Output = !Detach, Error = !Detach, Size = Terminal ? UserTerminal.Size : null };
        await using (var stream = await Engine.StartExecAsync(session.Id, attach, Cancellation))
            if (!Detach)
                await AttachAsync(stream, spec, input);
        if (Detach)
        {
            await EmitAsync(await Engine.InspectExecAsync(session.Id, Cancellation));
            return;
        }
        var exitCode = await Engine.WaitExecAsync(session.Id, Cancellation);
        var ended = await Engine.InspectExecAsync(session.Id, Cancellation);
        await Engine.RemoveExecAsync(session.Id, Cancellation);
        await OnPipelineAsync(() => ReportExit(exitCode, $"\"{Display.CommandLine(spec.Command)}\" in container \"{target.Display}\"", target.ErrorTarget));
        await EmitAsync(ended with { Running = false, ExitCode = exitCode });
    }

    private async Task AttachAsync(ContainerStream stream, ExecSpec spec, PipelineInput? input)
    {
        var sending = input?.SendAsync(stream, Wake, Cancellation);
        await TerminalSession.RunAsync(stream, spec.Input && input is null, spec.Terminal, "", Cancellation);
        if (sending is { IsFaulted: true })
            await sending;
    }
}
