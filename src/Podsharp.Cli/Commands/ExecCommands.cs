using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Terminal;

namespace Podsharp.Cli.Commands;

/// <summary>exec.</summary>
internal static class ExecCommands
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    internal static async Task<int> ExecAsync(CommandContext context)
    {
        var (name, command) = context.Line.Text("cidfile") is { } file ? (Targets.ReadIdFile(context.Caller.Resolve(file)), context.Line.Arguments)
            : await Targets.OneAsync(context);
        if (command.Count == 0)
            throw EngineErrors.InvalidArgument("must provide a non-empty command to start an exec session: invalid argument", name, "write the command behind the container's name");
        var request = ExecRequest.Build(context.Line, command, context.Caller);
        if (context.Line.Given("wait"))
            await UntilRunningAsync(context, name, context.Line.Number("wait")!.Value);
        try
        {
            var session = await context.Engine.CreateExecAsync(name, request.Spec, context.Cancelled);
            return request.Detach ? await DetachedAsync(context, session) : await AttachedAsync(context, session, request);
        }
        catch (ContainerEngineException e)
        {
            context.Fail(e.Message);
            return e.Kind == ErrorKind.InvalidState ? ExitCodes.ExecRefused : ExitCodes.Of(e);
        }
    }

    /// <summary>Waits for the container to run, and to exist: --wait is for what another program is about to start.</summary>
    private static async Task UntilRunningAsync(CommandContext context, string name, long seconds)
    {
        if (seconds < 0)
            throw EngineErrors.InvalidArgument("--wait is out of range", "wait", "give seconds");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            while (!await context.Engine.ContainerExistsAsync(name, limit.Token))
                await Task.Delay(Look, limit.Token);
            await context.Engine.WaitContainerAsync(name, [WaitCondition.Running], limit.Token);
        }
        catch (OperationCanceledException) when (!context.Cancelled.IsCancellationRequested)
        {
            throw new ContainerEngineException(ErrorKind.Timeout, "WaitTimeout", $"timed out waiting for container: {name}", name, "start it, or wait longer");
        }
    }

    private static async Task<int> DetachedAsync(CommandContext context, ExecSession session)
    {
        await using (await context.Engine.StartExecAsync(session.Id, new(), context.Cancelled))
            context.Out.WriteLine(session.Id);
        return 0;
    }

    private static async Task<int> AttachedAsync(CommandContext context, ExecSession session, ExecRequest request)
    {
        var streams = new OutputAttachment(request.Spec.Input, true, true);
        var options = new AttachOptions { Input = streams.Input, Size = request.Spec.Terminal ? AttachSession.Size() : null };
        await using var stream = await context.Engine.StartExecAsync(session.Id, options, context.Cancelled);
        var attach = new AttachSession(context, stream) { Streams = streams, Terminal = request.Spec.Terminal, DetachKeys = request.DetachKeys };
        if (await attach.RunAsync(() => Task.CompletedTask) == AttachEnd.Detached)
            return 0;
        var code = await context.Engine.WaitExecAsync(session.Id, context.Cancelled);
        await ForgetAsync(context, session.Id);
        return code;
    }

    private static async Task ForgetAsync(CommandContext context, string id)
    {
        try
        {
            await context.Engine.RemoveExecAsync(id);
        }
        catch (ContainerEngineException)
        {
            // conmon's exit command was faster, or the container is gone with all its sessions.
        }
    }
}
