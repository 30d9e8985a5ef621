using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>start and attach.</summary>
internal static class AttachCommands
{
    internal static async Task<int> StartAsync(CommandContext context)
    {
        var names = await Targets.NamesAsync(context);
        await context.TellRuntimeAsync();
        var attach = context.Line.Flag("attach") || context.Line.Flag("interactive");
        if (!attach)
        {
            using var interrupt = new InterruptHandler(context);
            return await Targets.EachAsync(context, names, async name =>
            {
                await context.Engine.StartContainerAsync(name, context.Cancelled);
                context.Out.WriteLine(name);
            });
        }
        if (names.Count > 1)
            throw EngineErrors.InvalidArgument("you can't start and attach to several containers at once", names[1], "name one container");
        var signals = !context.Line.Given("sig-proxy") || context.Line.Flag("sig-proxy");
        return await ConnectAsync(context, names[0], context.Line.Flag("interactive"), signals, start: true);
    }

    internal static async Task<int> AttachAsync(CommandContext context)
    {
        var (name, _) = await Targets.OneAsync(context);
        var detail = await context.Engine.InspectContainerAsync(name, cancellationToken: context.Cancelled);
        if (detail.Container.State != ContainerState.Running)
        {
            throw EngineErrors.InvalidState(detail.Container.Id, $"you can only attach to running containers, and {detail.Container.Name} is {detail.Container.State.ToString().ToLowerInvariant()}",
                "start and attach to it with podsharp start --attach");
        }
        return await ConnectAsync(context, name, !context.Line.Flag("no-stdin"), context.Line.Flag("sig-proxy"), start: false);
    }

    private static async Task<int> ConnectAsync(CommandContext context, string name, bool input, bool signals, bool start)
    {
        var detail = await context.Engine.InspectContainerAsync(name, cancellationToken: context.Cancelled);
        var (id, spec) = (detail.Container.Id, detail.Spec);
        var passed = start && RunCommands.PassesStreams(detail.LogDriver);
        var streams = passed ? default : new OutputAttachment(input && spec.Input, true, true);
        var options = new AttachOptions { Input = streams.Input, Size = spec.Terminal ? AttachSession.Size() : null };
        try
        {
            await using var stream = passed ? new PassedStream(context.Engine, id) : await context.Engine.AttachContainerAsync(id, options, context.Cancelled);
            var session = new AttachSession(context, stream)
            {
                Streams = streams,
                Terminal = spec.Terminal,
                DetachKeys = context.Line.Text("detach-keys"),
                Signal = signals ? signal => context.Engine.KillContainerAsync(id, signal) : null,
            };
            return await RunCommands.WaitedAsync(context, session, id, spec.AutoRemove, start);
        }
        catch (ContainerEngineException e)
        {
            context.Fail(e.Message);
            return ExitCodes.Of(e);
        }
    }
}
