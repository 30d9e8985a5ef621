using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Pods;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>pod create, ps, start, stop, restart, kill, pause, unpause, rm and prune.</summary>
internal static class PodCommands
{
    internal static async Task<int> CreateAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var spec = PodSpecBuilder.Build(context.Line, context.Caller, context.Words);
        if (spec.InfraImage is { } image)
            await PullView.EnsureAsync(context, new ContainerSpec { Image = image }, quiet: true);
        var result = await context.Engine.CreatePodAsync(spec, context.Cancelled);
        foreach (var warning in result.Warnings)
            context.Warn(warning);
        if (context.Line.Text("pod-id-file") is { Length: > 0 } file)
            await WriteIdFileAsync(context.Caller.Resolve(file), result.Pod.Id);
        context.Out.WriteLine(result.Pod.Id);
        return 0;
    }

    internal static async Task<int> ListAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        if (line.Flag("quiet") && format is not null)
            throw EngineErrors.InvalidArgument("quiet and format cannot be used together", null, "leave one of them out");
        var pods = new List<Pod>();
        await foreach (var pod in context.Engine.ListPodsAsync(new PodQuery { Filters = context.Filters(), Latest = line.Flag("latest") }, context.Cancelled))
            pods.Add(pod);
        var sorted = Sorted(pods, line.Text("sort")!);
        var now = DateTimeOffset.UtcNow;
        if (line.Flag("quiet"))
        {
            foreach (var pod in sorted)
                context.Out.WriteLine(pod.Id);
        }
        else if (Listing.IsJson(format))
        {
            context.Out.Write(WireJson.ToUtf8(WireList.From(sorted.Select(pod => PodListShape.Create(pod, now))), 2));
            context.Out.WriteLine("");
        }
        else
        {
            var rows = sorted.Select(pod => PodListShape.Create(pod, now, line.Flag("no-trunc")));
            context.Out.Write(new Listing("ps", PodListShape.Headings).Render(format is null or "table" ? Columns(context) : format, rows, !line.Flag("noheading")));
        }
        return 0;
    }

    internal static async Task<int> StartAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        return await PodTargets.EachAsync(context, await PodTargets.FindAsync(context), async pod => (await context.Engine.StartPodAsync(pod.Id, context.Cancelled)).Errors, pod => pod.Name);
    }

    internal static async Task<int> StopAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var timeout = (int?)context.Line.Number("time");
        return await PodTargets.EachAsync(context, await PodTargets.FindAsync(context, context.Line.Flag("ignore")),
            async pod => (await context.Engine.StopPodAsync(pod.Id, timeout, context.Cancelled)).Errors, pod => pod.Name);
    }

    internal static async Task<int> RestartAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        return await PodTargets.EachAsync(context, await PodTargets.FindAsync(context), async pod => (await context.Engine.RestartPodAsync(pod.Id, null, context.Cancelled)).Errors, pod => pod.Id);
    }

    internal static async Task<int> KillAsync(CommandContext context)
    {
        var signal = context.Line.Text("signal")!;
        SignalNames.Parse(signal);
        return await PodTargets.EachAsync(context, await PodTargets.FindAsync(context), async pod => (await context.Engine.KillPodAsync(pod.Id, signal, context.Cancelled)).Errors, pod => pod.Id);
    }

    internal static async Task<int> PauseAsync(CommandContext context) =>
        await PodTargets.EachAsync(context, await PodTargets.FindAsync(context), async pod => (await context.Engine.PausePodAsync(pod.Id, context.Cancelled)).Errors, pod => pod.Id);

    // As podman: nothing is said of pods with nothing that is paused.
    internal static async Task<int> UnpauseAsync(CommandContext context)
    {
        var pods = (await PodTargets.FindAsync(context)).Where(pod => pod.Containers.Any(container => container.State == ContainerState.Paused)).ToArray();
        return await PodTargets.EachAsync(context, pods, async pod => (await context.Engine.ResumePodAsync(pod.Id, context.Cancelled)).Errors, pod => pod.Id);
    }

    internal static async Task<int> RemoveAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        if (line.Given("time") && !line.Flag("force"))
            throw EngineErrors.InvalidArgument("--force option must be specified to use the --time option", null, "add --force");
        var options = new PodRemoveOptions { Force = line.Flag("force"), Ignore = line.Flag("ignore") || line.Flag("force"), Timeout = (int?)line.Number("time") };
        IReadOnlyList<Pod> pods;
        try
        {
            pods = await PodTargets.FindAsync(context, options.Ignore);
        }
        catch (ContainerEngineException e) when (e.ErrorId == "PodNotFound")
        {
            context.Fail(e.Message);
            return 1;
        }
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var code = await PodTargets.EachAsync(context, pods, async pod =>
        {
            await context.Engine.RemovePodAsync(pod.Id, options, context.Cancelled);
            removed.Add(pod.Id);
            return [];
        }, pod => pod.Id);
        foreach (var file in line.List("pod-id-file").Select(context.Caller.Resolve))
        {
            if (File.Exists(file) && removed.Contains(PodTargets.ReadIdFile(file)))
                File.Delete(file);
        }
        return code;
    }

    internal static async Task<int> PruneAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        if (!context.Line.Flag("force") && !Confirmation.Asked(context, "WARNING! This will remove all stopped/exited pods.."))
            return 0;
        var pods = new List<Pod>();
        await foreach (var pod in context.Engine.ListPodsAsync(new PodQuery { Unused = true }, context.Cancelled))
            pods.Add(pod);
        return await PodTargets.EachAsync(context, pods, async pod =>
        {
            await context.Engine.RemovePodAsync(pod.Id, new() { Ignore = true }, context.Cancelled);
            return [];
        }, pod => pod.Id);
    }

    internal static async Task<int> CloneAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var result = await context.Engine.ClonePodAsync(context.Argument, PodSpecBuilder.Clone(context.Line, context.Caller, context.Words), context.Cancelled);
        foreach (var warning in result.Warnings)
            context.Warn(warning);
        context.Out.WriteLine(result.Pod.Id);
        if (!context.Line.Flag("start"))
            return 0;
        return await PodTargets.EachAsync(context, [result.Pod], async pod => (await context.Engine.StartPodAsync(pod.Id, context.Cancelled)).Errors, _ => null);
    }

    private static string Columns(CommandContext context)
    {
        var line = context.Line;
        var columns = new List<string> { "Id", "Name", "Status", "Created", "InfraID" };
        if (line.Flag("ctr-ids"))
            columns.Add("ContainerIds");
        if (line.Flag("ctr-names"))
            columns.Add("ContainerNames");
        if (line.Flag("ctr-status"))
            columns.Add("ContainerStatuses");
        if (line.Flag("ns"))
            columns.AddRange(["Cgroup", "Namespace"]);
        if (!line.Flag("ctr-ids") && !line.Flag("ctr-names") && !line.Flag("ctr-status"))
            columns.Add("NumberOfContainers");
        return "table " + string.Join('\t', columns.Select(column => "{{." + column + "}}"));
    }

    private static IEnumerable<Pod> Sorted(List<Pod> pods, string key) => key switch
    {
        "created" => pods.OrderByDescending(pod => pod.Created),
        "id" => pods.OrderBy(pod => pod.Id, StringComparer.Ordinal),
        "name" => pods.OrderBy(pod => pod.Name, StringComparer.Ordinal),
        "number" => pods.OrderBy(pod => pod.Containers.Count),
        "status" => pods.OrderBy(pod => pod.State.ToString(), StringComparer.Ordinal),
        _ => throw EngineErrors.InvalidArgument("invalid option for --sort, options are: created, id, name, number, or status", key, "use one of these"),
    };

    // As podman: a file that is there is written over.
    private static async Task WriteIdFileAsync(string path, string id)
    {
        try
        {
            await File.WriteAllTextAsync(path, id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"failed to write pod ID to file: {e.Message}", path, "name another file; the pod was made");
        }
    }
}
