using System.Collections.Concurrent;
using System.Globalization;
using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>init, stop, restart, pause, unpause, rename, update, kill, wait, rm, prune and cleanup.</summary>
internal static class LifeCycleCommands
{
    internal static async Task<int> StopAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var options = new StopOptions { Timeout = (int?)context.Line.Number("time"), Ignore = context.Line.Flag("ignore"), KeepForBoot = context.Line.Flag("service") };
        return await Targets.ManyAsync(context, await Targets.NamesAsync(context), async name =>
        {
            if (options.Ignore && !await context.Engine.ContainerExistsAsync(name, context.Cancelled))
                return null;
            await context.Engine.StopContainerAsync(name, options, context.Cancelled);
            return name;
        });
    }

    internal static async Task<int> RestartAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var timeout = (int?)context.Line.Number("time");
        return await Targets.ManyAsync(context, await Targets.NamesAsync(context), async name =>
        {
            await context.Engine.RestartContainerAsync(name, timeout, context.Cancelled);
            return name;
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

    internal static async Task<int> UpdateAsync(CommandContext context)
    {
        var update = ContainerUpdateBuilder.Build(context.Line, context.Caller);
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
        {
            var result = await context.Engine.UpdateContainerAsync(name, update, context.Cancelled);
            foreach (var warning in result.Warnings)
                context.Warn(warning);
            context.Out.WriteLine(result.Container.Id);
        });
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
        var conditions = context.Line.List("condition").Select(Condition).DefaultIfEmpty(WaitCondition.Stopped).ToArray();
        // Milliseconds where there is no unit.
        var interval = context.Line.Text("interval")!;
        if (!long.TryParse(interval, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            DurationParser.Parse(interval, "interval");
        var names = await Targets.NamesAsync(context);
        if (context.Line.Flag("exit-first-match") && names.Count > 1)
        {
            using var others = CancellationTokenSource.CreateLinkedTokenSource(context.Cancelled);
            var first = await Task.WhenAny([.. names.Select(name => WaitOneAsync(context, name, conditions, others.Token))]);
            await others.CancelAsync();
            return await Targets.EachAsync(context, [""], async _ => Print(await first));
        }
        return await Targets.EachAsync(context, names, async name => Print(await WaitOneAsync(context, name, conditions, context.Cancelled)));

        void Print(int code)
        {
            context.Out.WriteLine(code.ToString(CultureInfo.InvariantCulture));
            context.Out.Flush();
        }
    }

    private static async Task<int> WaitOneAsync(CommandContext context, string name, WaitCondition[] conditions, CancellationToken cancellationToken)
    {
        if (context.Line.Flag("ignore") && !await context.Engine.ContainerExistsAsync(name, cancellationToken))
            return -1;
        return (await context.Engine.WaitContainerAsync(name, conditions, cancellationToken)).ExitCode;
    }

    internal static async Task<int> PruneAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        if (!context.Line.Flag("force") && !Confirmation.Asked(context, "WARNING! This will remove all non running containers."))
            return 0;
        var names = new List<string>();
        await foreach (var container in context.Engine.ListContainersAsync(new() { Unused = true, Filters = context.Filters() }, context.Cancelled))
            names.Add(container.Id);
        // What requires one of them may be among them, too: then it's tried again, for as long as anything goes. What isn't among them stays.
        var code = 0;
        for (var before = int.MaxValue; names.Count > 0;)
        {
            var isLast = names.Count == before;
            var required = new ConcurrentQueue<string>();
            before = names.Count;
            code = Math.Max(code, await Targets.ManyAsync(context, names, name => PruneOneAsync(context, name, isLast ? null : required)));
            names = [.. required];
        }
        return code;
    }

    private static async Task<string?> PruneOneAsync(CommandContext context, string name, ConcurrentQueue<string>? required)
    {
        try
        {
            return await context.Engine.RemoveContainerAsync(name, new() { Ignore = true }, context.Cancelled) is null ? null : name;
        }
        catch (ContainerEngineException e) when (required is not null && e.ErrorId == "ContainerRequired")
        {
            required.Enqueue(name);
            return null;
        }
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
            Depend = line.Flag("depend"),
            Ignore = line.Flag("ignore") || line.Flag("force"),
            Timeout = (int?)line.Number("time"),
        };
        if (options.Timeout is not null && !options.Force)
            throw EngineErrors.InvalidArgument("--time is for removing running containers", null, "add --force");
        if (!line.Flag("all"))
            return await RemoveManyAsync(context, await Targets.NamesAsync(context), options);
        // As podman: what requires another one of them goes with it, whoever comes first.
        options = options with { Depend = true, Ignore = true };
        // Pods go, too, once their other containers have gone.
        var names = await Targets.NamesAsync(context);
        var infra = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var container in context.Engine.ListContainersAsync(new() { All = true }, context.Cancelled))
        {
            if (container.IsInfra)
                infra.Add(container.Id);
        }
        var code = await RemoveManyAsync(context, [.. names.Where(name => !infra.Contains(name))], options);
        var last = await RemoveManyAsync(context, [.. names.Where(infra.Contains)], options with { WithPod = true });
        return last == 0 ? code : last;
    }

    // What had to go before a container is named before it, and once, whoever of several takes it along. What others require of those that are meant goes once
    // these have gone, as long as anything goes.
    private static async Task<int> RemoveManyAsync(CommandContext context, IReadOnlyList<string> names, RemoveOptions options)
    {
        var named = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var code = 0;
        for (var before = int.MaxValue; names.Count > 0;)
        {
            var required = new ConcurrentQueue<string>();
            var isLast = names.Count == before;
            before = names.Count;
            var last = await Targets.ManyAsync(context, names, name => RemoveOneAsync(context, name, options, named, isLast ? null : required), ExitCodes.OfRemoval);
            code = last == 0 ? code : last;
            names = [.. names.Where(required.Contains)];
        }
        return code;
    }

    // The lines to print. With a place for them, those that others require wait there.
    private static async Task<string?> RemoveOneAsync(CommandContext context, string name, RemoveOptions options, ConcurrentDictionary<string, bool> named,
        ConcurrentQueue<string>? required)
    {
        try
        {
            if (await context.Engine.RemoveContainerAsync(name, options, context.Cancelled) is not { } result)
                return null;
            List<string> lines = [.. result.Dependents.Where(id => named.TryAdd(id, true))];
            if (named.TryAdd(result.Id, true))
                lines.Add(name);
            return lines.Count == 0 ? null : string.Join('\n', lines);
        }
        catch (ContainerEngineException e) when (required is not null && e.ErrorId == "ContainerRequired")
        {
            required.Enqueue(name);
            return null;
        }
    }

    /// <summary>What conmon calls. A container that is gone is what was wanted.</summary>
    internal static async Task<int> CleanupAsync(CommandContext context)
    {
        var line = context.Line;
        var options = new ContainerCleanup { ExecId = line.Text("exec"), Remove = line.Flag("rm"), RemoveImage = line.Flag("rmi"), StoppedOnly = line.Flag("stopped-only") };
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

    internal static async Task<int> HealthCheckAsync(CommandContext context)
    {
        var result = await context.Engine.CheckHealthAsync(context.Argument, context.Cancelled);
        var ignored = context.Line.Flag("ignore-result");
        if (result.TimedOut is { } limit)
        {
            context.Fail($"healthcheck command exceeded timeout of {Human.GoDuration(limit)}");
            return ignored ? 0 : ExitCodes.Error;
        }
        if (result.Passed)
            return 0;
        // As podman: what this check says, not what has become of the container's health.
        context.Out.WriteLine(result.IsStartup ? "starting" : "unhealthy");
        return ignored ? 0 : 1;
    }

    private static WaitCondition Condition(string text) => text switch
    {
        "created" or "configured" => WaitCondition.Created,
        "initialized" => WaitCondition.Initialized,
        "running" => WaitCondition.Running,
        "paused" => WaitCondition.Paused,
        "stopping" => WaitCondition.Stopping,
        "stopped" => WaitCondition.Stopped,
        "exited" => WaitCondition.Exited,
        "removing" => WaitCondition.Removing,
        "removed" => WaitCondition.Removed,
        "unknown" => WaitCondition.Unknown,
        "healthy" => WaitCondition.Healthy,
        "unhealthy" => WaitCondition.Unhealthy,
        _ => throw EngineErrors.InvalidArgument($"invalid condition \"{text}\" for --condition", text,
            "use created, initialized, running, healthy, unhealthy, paused, stopping, stopped, exited, removing, removed or unknown"),
    };
}
