using System.Text;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>pod logs, top and stats.</summary>
internal static class PodWatchCommands
{
    private const string UsageTable = "table {{.Pod}}\t{{.CID}}\t{{.Name}}\t{{.CPU}}\t{{.MemUsage}}\t{{.Mem}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDS}}";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    internal static async Task<int> LogsAsync(CommandContext context)
    {
        var pod = await OneAsync(context);
        var names = pod.Containers.Select(container => container.Id).ToArray();
        if (context.Line.Text("container") is { Length: > 0 } only)
        {
            var found = pod.Containers.FirstOrDefault(container => container.Id == only || container.Name == only)
                ?? throw new ContainerEngineException(ErrorKind.NotFound, "ContainerNotFound", $"container {only} is not in pod {context.Line.Arguments.FirstOrDefault() ?? pod.Name}: no such container", only);
            names = [found.Id];
        }
        await LogOutput.PrintAsync(context, names, WatchCommands.LogQuery(context));
        return 0;
    }

    internal static async Task<int> TopAsync(CommandContext context)
    {
        var pod = await OneAsync(context);
        var words = context.Line.Arguments.Skip(context.Line.Flag("latest") ? 0 : 1).ToArray();
        var descriptors = ProcessDescriptors.Parse(words) ?? throw EngineErrors.InvalidArgument($"unknown descriptor in \"{string.Join(' ', words)}\"", words[0],
            "use some of " + string.Join(", ", ProcessDescriptors.All));
        var columns = descriptors.Count > 0 ? descriptors : ProcessColumns.Default;
        var text = new StringBuilder(string.Join('\t', columns.Select(ProcessColumns.Heading))).Append('\n');
        foreach (var container in pod.Containers.Where(container => container.State == ContainerState.Running))
        {
            await foreach (var process in context.Engine.GetProcessesAsync(container.Id, descriptors, context.Cancelled))
                text.AppendJoin('\t', columns.Select(column => ProcessColumns.Value(process, column))).Append('\n');
        }
        context.Out.Write(Table.Format(text.ToString()));
        return 0;
    }

    internal static async Task<int> StatsAsync(CommandContext context)
    {
        var line = context.Line;
        if ((line.Arguments.Count > 0 ? 1 : 0) + (line.Flag("all") ? 1 : 0) + (line.Flag("latest") ? 1 : 0) > 1)
            throw EngineErrors.InvalidArgument("--all, --latest and arguments cannot be used together", null, "give one of them");
        IReadOnlyList<string> pods = line.Arguments.Count > 0 || line.Flag("latest") ? await PodTargets.NamesAsync(context) : [];
        var query = new UsageQuery { Pods = pods, Interval = line.Flag("no-stream") ? null : Interval };
        using var interrupt = new InterruptHandler(context);
        try
        {
            await foreach (var sample in context.Engine.WatchUsageAsync(query, context.Cancelled))
                Print(context, sample.Containers.Where(usage => usage.Pod.Length > 0));
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how one stops watching.
        }
        catch (ContainerEngineException e) when (e.ErrorId == "PodNotFound")
        {
            throw new ContainerEngineException(e.Kind, e.ErrorId, $"unable to get list of pods: {e.Reason}", e.Target, e.Remedy, e);
        }
        return 0;
    }

    private static void Print(CommandContext context, IEnumerable<ContainerUsage> usages)
    {
        var format = context.Line.Text("format");
        var shapes = usages.Select(PodUsageShape.Create).ToArray();
        if (!context.Line.Flag("no-reset"))
            WatchCommands.ClearScreen(context);
        if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(shapes), 5));
        else
            context.Out.Write(new Listing("stats", PodUsageShape.Headings).Render(format is null or "table" ? UsageTable : format, shapes));
        context.Out.Flush();
    }

    private static async Task<Pod> OneAsync(CommandContext context)
    {
        var names = await PodTargets.NamesAsync(context);
        await foreach (var pod in context.Engine.ListPodsAsync(new PodQuery { NamesOrIds = [names[0]] }, context.Cancelled))
            return pod;
        throw EngineErrors.PodNotFound(names[0]);
    }
}
