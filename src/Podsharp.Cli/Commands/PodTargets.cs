using Podsharp.Model;

namespace Podsharp.Cli.Commands;

/// <summary>Which pods a command is about, and doing something to each.</summary>
internal static class PodTargets
{
    /// <summary>The names or ids given by arguments and --pod-id-file, or the id that --latest means.</summary>
    internal static async Task<IReadOnlyList<string>> NamesAsync(CommandContext context)
    {
        var line = context.Line;
        if (Asked(context, "latest"))
            return [(await LatestAsync(context)).Id];
        string[] names = [.. line.Arguments, .. line.List("pod-id-file").Select(file => ReadIdFile(context.Caller.Resolve(file)))];
        return names.Length > 0 ? names : throw EngineErrors.InvalidArgument("you must provide at least one name or id");
    }

    /// <summary>The pods named by arguments, --pod-id-file, --latest or --all. One that doesn't exist ends the command before it has done anything,
    /// but with --ignore.</summary>
    internal static async Task<IReadOnlyList<Pod>> FindAsync(CommandContext context, bool ignore = false)
    {
        var pods = new List<Pod>();
        var all = Asked(context, "all");
        if ((all || Asked(context, "latest")) && context.Line.Arguments.Count > 0)
            throw EngineErrors.InvalidArgument($"--{(all ? "all" : "latest")} and names exclude each other", context.Line.Arguments[0], "give one of them");
        if (all)
        {
            await foreach (var pod in context.Engine.ListPodsAsync(new PodQuery(), context.Cancelled))
                pods.Add(pod);
            return pods;
        }
        foreach (var name in await NamesAsync(context))
        {
            if (ignore && !await context.Engine.PodExistsAsync(name, context.Cancelled))
                continue;
            await foreach (var pod in context.Engine.ListPodsAsync(new PodQuery { NamesOrIds = [name] }, context.Cancelled))
                pods.Add(pod);
        }
        return [.. pods.DistinctBy(pod => pod.Id)];
    }

    /// <summary>Does something to each pod, prints a line for each that it was done to wholly, then an error for each container that it wasn't.</summary>
    internal static async Task<int> EachAsync(CommandContext context, IReadOnlyList<Pod> pods, Func<Pod, Task<IReadOnlyList<PodContainerError>>> action, Func<Pod, string?> print)
    {
        var errors = new List<string>();
        foreach (var pod in pods)
        {
            try
            {
                var failures = await action(pod);
                errors.AddRange(failures.Select(failure => failure.Message));
                if (failures.Count == 0 && print(pod) is { } text)
                    context.Out.WriteLine(text);
            }
            catch (ContainerEngineException e)
            {
                errors.Add(e.Message);
            }
        }
        foreach (var error in errors)
            context.Fail(error);
        return errors.Count > 0 ? ExitCodes.Error : 0;
    }

    /// <summary>The id in a file that --pod-id-file named.</summary>
    internal static string ReadIdFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "IdFileNotFound", $"reading pod ID file: {e.Message}", path, "correct the path", e);
        }
    }

    private static async Task<Pod> LatestAsync(CommandContext context)
    {
        await foreach (var pod in context.Engine.ListPodsAsync(new PodQuery { Latest = true }, context.Cancelled))
            return pod;
        throw new ContainerEngineException(ErrorKind.NotFound, "PodNotFound", "no pods exist: no such pod", null, "make one with podsharp pod create");
    }

    private static bool Asked(CommandContext context, string option) => context.Line.Command.FindOption(option) is not null && context.Line.Flag(option);
}
