using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Cli.Commands;

/// <summary>Which containers a command is about, and doing something to each.</summary>
internal static class Targets
{
    // Much of the time goes by in waiting for others: for a process to end, for a runtime.
    private const int AtOnce = 32;

    /// <summary>The containers named by arguments, --cidfile, --latest, --filter, --all or --running.</summary>
    internal static async Task<IReadOnlyList<string>> NamesAsync(CommandContext context)
    {
        var line = context.Line;
        var names = new List<string>(line.Arguments);
        var ignore = line.Command.FindOption("ignore") is not null && line.Flag("ignore");
        foreach (var file in line.List("cidfile"))
        {
            var path = context.Caller.Resolve(file);
            if (!File.Exists(path) && ignore)
                continue;
            names.Add(ReadIdFile(path));
        }
        var all = Asked(context, "all");
        var running = Asked(context, "running");
        var latest = Asked(context, "latest");
        var filtered = line.Command.FindOption("filter") is not null && line.Given("filter");
        if ((all || latest || running) && names.Count > 0)
            throw EngineErrors.InvalidArgument($"--{(all ? "all" : running ? "running" : "latest")} and names exclude each other", names[0], "give one of them");
        if (latest)
            names.Add(await LatestAsync(context));
        else if (all || running || filtered)
            await foreach (var container in context.Engine.ListContainersAsync(Query(context, all), context.Cancelled))
            {
                if (IsMeant(context, container.State))
                    names.Add(container.Id);
            }
        else if (names.Count == 0 && line.List("cidfile").Count == 0)
            throw EngineErrors.InvalidArgument("you must provide at least one name or id");
        return names;
    }

    /// <summary>The one container of the first argument, or the newest with --latest; and what follows it.</summary>
    internal static async Task<(string Name, IReadOnlyList<string> Others)> OneAsync(CommandContext context)
    {
        if (context.Line.Flag("latest"))
            return (await LatestAsync(context), context.Line.Arguments);
        if (context.Line.Arguments.Count == 0)
            throw EngineErrors.InvalidArgument("you must provide the name or id of a container");
        return (context.Argument, [.. context.Line.Arguments.Skip(1)]);
    }

    /// <summary>Does something to each name, goes on after errors, and returns the exit code of the last one.</summary>
    internal static async Task<int> EachAsync(CommandContext context, IReadOnlyList<string> names, Func<string, Task> action,
        Func<ContainerEngineException, int>? exitCode = null)
    {
        var code = 0;
        foreach (var name in names)
        {
            try
            {
                await action(name);
            }
            catch (ContainerEngineException e)
            {
                context.Fail(e.Message);
                code = (exitCode ?? ExitCodes.Of)(e);
            }
        }
        return code;
    }

    /// <summary>As <see cref="EachAsync"/>, several at once. What is printed, lines and errors, comes in the order of the names.</summary>
    /// <param name="context">The command.</param>
    /// <param name="names">The names.</param>
    /// <param name="action">What to do; returns the line to print, or null.</param>
    /// <param name="exitCode">The exit code of an error.</param>
    internal static async Task<int> ManyAsync(CommandContext context, IReadOnlyList<string> names, Func<string, Task<string?>> action,
        Func<ContainerEngineException, int>? exitCode = null)
    {
        var running = new Queue<Task<string?>>();
        var next = 0;
        try
        {
            return await EachAsync(context, names, async _ =>
            {
                while (next < names.Count && running.Count < AtOnce)
                    running.Enqueue(action(names[next++]));
                if (await running.Dequeue() is { } line)
                    context.Out.WriteLine(line);
            }, exitCode);
        }
        finally
        {
            // After an interrupt: nothing ends in the middle of what it does.
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // podman's --all and --filter pass over what the command can do nothing about. A command on what runs means paused ones, too.
    private static bool IsMeant(CommandContext context, ContainerState state) => context.Line.Command.Id switch
    {
        CommandId.NetworkReload => state is ContainerState.Running or ContainerState.Paused,
        CommandId.Start => state is ContainerState.Created or ContainerState.Initialized or ContainerState.Exited,
        CommandId.Init => state is ContainerState.Created or ContainerState.Exited,
        CommandId.Pause => state == ContainerState.Running,
        CommandId.Unpause => state == ContainerState.Paused,
        CommandId.Stop or CommandId.Kill => state is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping,
        _ => true,
    };

    private static bool Asked(CommandContext context, string option) =>
        context.Line.Command.FindOption(option) is not null && context.Line.Flag(option);

    private static ContainerQuery Query(CommandContext context, bool all)
    {
        // restart --running must not touch what doesn't run; what else is meant, IsMeant says.
        var onlyRunning = context.Line.Command.Id == CommandId.Restart && !all && !context.Line.Given("filter");
        return new() { All = !onlyRunning, Filters = context.Line.Command.FindOption("filter") is null ? EmptyFilters : context.Filters() };
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> EmptyFilters { get; } = new Dictionary<string, IReadOnlyList<string>>();

    private static async Task<string> LatestAsync(CommandContext context)
    {
        await foreach (var container in context.Engine.ListContainersAsync(new() { All = true, Last = 1 }, context.Cancelled))
            return container.Id;
        throw new ContainerEngineException(ErrorKind.NotFound, "ContainerNotFound", "there is no container", null, "make one with podsharp run or podsharp create");
    }

    /// <summary>The id in a file that --cidfile named.</summary>
    internal static string ReadIdFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException e)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "IdFileNotFound", $"can't read the container ID in {path}", path, e.Message, e);
        }
    }
}
