using System.Globalization;
using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>init, stop, restart, pause, unpause, rename, kill, wait, rm and cleanup.</summary>
internal static class LifeCycleCommands
{
    internal static async Task<int> StopAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var options = new StopOptions { Timeout = (int?)context.Line.Number("time"), Ignore = context.Line.Flag("ignore") };
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            if (options.Ignore && !await context.Engine.ContainerExistsAsync(name, context.Cancelled))
                return;
            await context.Engine.StopContainerAsync(name, options, context.Cancelled);
            context.Out.WriteLine(name);
        });
    }

    internal static async Task<int> RestartAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var timeout = (int?)context.Line.Number("time");
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            await context.Engine.RestartContainerAsync(name, timeout, context.Cancelled);
            context.Out.WriteLine(name);
        });
    }

    internal static async Task<int> InitAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            await context.Engine.InitializeContainerAsync(name, context.Cancelled);
            context.Out.WriteLine(name);
        });
    }

    internal static async Task<int> PauseAsync(CommandContext context) => await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
    {
        await context.Engine.PauseContainerAsync(name, context.Cancelled);
        context.Out.WriteLine(name);
    });

    internal static async Task<int> UnpauseAsync(CommandContext context) => await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
    {
        await context.Engine.ResumeContainerAsync(name, context.Cancelled);
        context.Out.WriteLine(name);
    });

    internal static async Task<int> RenameAsync(CommandContext context)
    {
        await context.Engine.RenameContainerAsync(context.Argument, context.Line.Arguments[1], context.Cancelled);
        return 0;
    }

    internal static async Task<int> KillAsync(CommandContext context)
    {
        var signal = context.Line.Text("signal")!;
        SignalNames.Parse(signal);
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            await context.Engine.KillContainerAsync(name, signal, context.Cancelled);
            context.Out.WriteLine(name);
        });
    }

    internal static async Task<int> WaitAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var conditions = context.Line.List("condition").Select(Condition).ToArray();
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            if (context.Line.Flag("ignore") && !await context.Engine.ContainerExistsAsync(name, context.Cancelled))
            {
                context.Out.WriteLine("-1");
                return;
            }
            var exit = await context.Engine.WaitContainerAsync(name, conditions.Length > 0 ? conditions : [WaitCondition.Stopped], context.Cancelled);
            context.Out.WriteLine(exit.ExitCode.ToString(CultureInfo.InvariantCulture));
            context.Out.Flush();
        });
    }

    internal static async Task<int> RemoveAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        // As podman: --force doesn't mind what isn't there either.
        var options = new RemoveOptions
        {
            Force = line.Flag("force"),
            Volumes = line.Flag("volumes"),
            Ignore = line.Flag("ignore") || line.Flag("force"),
            Timeout = (int?)line.Number("time"),
        };
        if (options.Timeout is not null && !options.Force)
            throw EngineErrors.InvalidArgument("--time is for removing running containers", null, "add --force");
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            if (await context.Engine.RemoveContainerAsync(name, options, context.Cancelled) is not null)
                context.Out.WriteLine(name);
        }, ExitCodes.OfRemoval);
    }

    /// <summary>What conmon calls. A container that is gone is what was wanted.</summary>
    internal static async Task<int> CleanupAsync(CommandContext context)
    {
        var line = context.Line;
        var options = new ContainerCleanup { ExecId = line.Text("exec"), Remove = line.Flag("rm"), StoppedOnly = line.Flag("stopped-only") };
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            try
            {
                await context.Engine.CleanupContainerAsync(name, options, context.Cancelled);
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
            {
                return;
            }
        });
    }

    private static WaitCondition Condition(string text) => text switch
    {
        "stopped" => WaitCondition.Stopped,
        "exited" => WaitCondition.Exited,
        "running" => WaitCondition.Running,
        "removed" or "removing" => WaitCondition.Removed,
        _ => throw EngineErrors.InvalidArgument($"invalid condition \"{text}\" for --condition", text, "use stopped, running, exited or removed"),
    };
}
