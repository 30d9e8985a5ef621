using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Invoke-ContainerCommand: runs a command in running containers and emits its output, a string a line.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerCommand", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class InvokeContainerCommandCommand : ExecCmdlet
{
    private int worstExit;

    private protected override async Task ExecuteAsync(ContainerTarget target, ExecSpec spec, PipelineInput? input)
    {
        var session = await Engine.CreateExecAsync(target.Key, spec with { Input = input is not null }, Cancellation);
        int exitCode;
        await using (var stream = await Engine.StartExecAsync(session.Id, new AttachOptions { Input = input is not null }, Cancellation))
        {
            await RelayAsync(stream, input);
            exitCode = await Engine.WaitExecAsync(session.Id, Cancellation);
        }
        await Engine.RemoveExecAsync(session.Id, Cancellation);
        await OnPipelineAsync(() =>
        {
            worstExit = Math.Max(worstExit, exitCode);
            ReportExit(exitCode, $"\"{Display.CommandLine(spec.Command)}\" in container \"{target.Display}\"", target.ErrorTarget);
            SessionState.PSVariable.Set("global:LASTEXITCODE", worstExit);
        });
    }
}
