using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Terminal;

namespace Podsharp.Cli.Commands;

/// <summary>run and create.</summary>
internal static class RunCommands
{
    internal static async Task<int> CreateAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var (container, _) = await MakeAsync(context);
        context.Out.WriteLine(container.Id);
        return 0;
    }

    internal static async Task<int> RunAsync(CommandContext context)
    {
        Container container;
        RunRequest request;
        using (new InterruptHandler(context))
            (container, request) = await MakeAsync(context);
        try
        {
            if (!request.Detach)
                return await AttachedAsync(context, container, request);
            using (new InterruptHandler(context))
                await context.Engine.StartContainerAsync(container.Id, context.Cancelled);
            context.Out.WriteLine(container.Id);
            return 0;
        }
        catch (ContainerEngineException e)
        {
            context.Fail(e.Message);
            await ForgetAsync(context, container, request);
            return ExitCodes.Of(e);
        }
        catch (OperationCanceledException) when (request.Spec.AutoRemove)
        {
            await ForgetAsync(context, container, request);
            throw;
        }
    }

    /// <summary>Makes the container: what --replace names goes, the image comes, the id file is written.</summary>
    private static async Task<(Container Container, RunRequest Request)> MakeAsync(CommandContext context)
    {
        var request = ContainerSpecBuilder.Build(context.Line, context.Caller, context.Words);
        using var idFile = request.Spec.IdFile is { } path ? new IdFile(path) : null;
        await context.TellRuntimeAsync();
        if (request.Spec.RootFs is null)
            await PullView.EnsureAsync(context, request.Spec, request.Quiet);
        var result = await context.Engine.CreateContainerAsync(request.Spec, context.Cancelled);
        foreach (var warning in result.Warnings)
            context.Warn(warning);
        idFile?.Write(result.Container.Id);
        return (result.Container, request);
    }

    private static async Task<int> AttachedAsync(CommandContext context, Container container, RunRequest request)
    {
        var spec = request.Spec;
        var interactive = spec.Terminal && Engine.Native.Terminal.IsTerminal(0);
        if (spec.Terminal && request.Attach.Input && !interactive)
            context.Warn("the input is not a terminal: --tty and --interactive might not work together as expected");
        var options = new AttachOptions
        {
            Input = request.Attach.Input,
            Output = request.Attach.Output,
            Error = request.Attach.Error,
            Size = spec.Terminal ? AttachSession.Size() : null,
        };
        var passed = PassesStreams(spec.LogDriver);
        await using var stream = passed ? new PassedStream(context.Engine, container.Id)
            : await context.Engine.AttachContainerAsync(container.Id, options, context.Cancelled);
        var session = new AttachSession(context, stream)
        {
            Streams = passed ? default : request.Attach,
            Terminal = spec.Terminal,
            DetachKeys = request.DetachKeys,
            Signal = request.SignalProxy ? signal => context.Engine.KillContainerAsync(container.Id, signal) : null,
        };
        return await WaitedAsync(context, session, container.Id, spec.AutoRemove, start: true);
    }

    /// <summary>Whether a container's streams are those of this process: there is nothing to connect to.</summary>
    internal static bool PassesStreams(string? logDriver) => logDriver is "passthrough" or "passthrough-tty";

    /// <summary>Runs an attach and returns the container's exit code; 0 after detaching.</summary>
    internal static async Task<int> WaitedAsync(CommandContext context, AttachSession session, string id, bool autoRemove, bool start)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(context.Cancelled);
        Task<ContainerExit>? exit = null;
        var end = await session.RunAsync(async () =>
        {
            if (start)
                await context.Engine.StartContainerAsync(id, context.Cancelled);
            // From the start on, not after the output's end: a container with --rm may be gone by then.
            exit = context.Engine.WaitContainerAsync(id, [autoRemove ? WaitCondition.Removed : WaitCondition.Exited], waiting.Token);
        });
        if (end == AttachEnd.Detached)
        {
            await waiting.CancelAsync();
            _ = exit!.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            return 0;
        }
        var code = (await exit!).ExitCode;
        if (code >= 0)
            return code;
        context.Fail($"the exit code of container {id} is not known: the container was removed before its end was noted");
        return ExitCodes.Error;
    }

    /// <summary>A container with --rm that could not be started goes at once, as podman does it.</summary>
    private static async Task ForgetAsync(CommandContext context, Container container, RunRequest request)
    {
        if (!request.Spec.AutoRemove)
            return;
        try
        {
            await context.Engine.RemoveContainerAsync(container.Id, new() { Force = true, Volumes = true, Ignore = true, Timeout = 0 });
        }
        catch (ContainerEngineException e)
        {
            context.Fail(e.Message);
        }
    }
}
