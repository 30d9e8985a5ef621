using System.Globalization;
using System.Text;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>logs, top, stats and events.</summary>
internal static class WatchCommands
{
    private const string UsageTable = "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDS}}\t{{.CPUTime}}\t{{.AVGCPU}}";

    internal static async Task<int> LogsAsync(CommandContext context)
    {
        var names = await Targets.NamesAsync(context);
        await LogOutput.PrintAsync(context, names, LogQuery(context));
        return 0;
    }

    /// <summary>Reads the options of logs that say which lines.</summary>
    internal static LogQuery LogQuery(CommandContext context)
    {
        var line = context.Line;
        var now = DateTimeOffset.Now;
        return new LogQuery
        {
            Follow = line.Flag("follow"),
            Tail = Tail(line.Text("tail")!),
            Since = line.Text("since") is { } since ? DurationParser.ParseTime(since, now, past: true, "--since") : null,
            Until = line.Text("until") is { } until ? DurationParser.ParseTime(until, now, past: true, "--until") : null,
        };
    }

    internal static async Task<int> TopAsync(CommandContext context)
    {
        var (name, rest) = await Targets.OneAsync(context);
        if (ProcessDescriptors.Parse(rest) is not { } descriptors)
        {
            foreach (var printed in await context.Engine.GetProcessLinesAsync(name, rest, context.Cancelled))
                context.Out.Write(printed + "\n");
            return 0;
        }
        var columns = descriptors.Count > 0 ? descriptors : ProcessColumns.Default;
        var text = new StringBuilder(string.Join('\t', columns.Select(ProcessColumns.Heading))).Append('\n');
        await foreach (var process in context.Engine.GetProcessesAsync(name, descriptors, context.Cancelled))
            text.AppendJoin('\t', columns.Select(column => ProcessColumns.Value(process, column))).Append('\n');
        context.Out.Write(Table.Format(text.ToString()));
        return 0;
    }

    internal static async Task<int> StatsAsync(CommandContext context)
    {
        var line = context.Line;
        if ((line.Arguments.Count > 0 ? 1 : 0) + (line.Flag("all") ? 1 : 0) + (line.Flag("latest") ? 1 : 0) > 1)
            throw EngineErrors.InvalidArgument("--all, --latest and containers cannot be used together", null, "give one of them");
        var interval = line.Number("interval")!.Value;
        if (interval < 1)
            throw EngineErrors.InvalidArgument("invalid interval, must be a positive number greater zero", "interval", "give seconds");
        var query = new UsageQuery
        {
            NamesOrIds = line.Flag("latest") ? await Targets.NamesAsync(context) : line.Arguments,
            All = line.Flag("all"),
            Interval = line.Flag("no-stream") ? null : TimeSpan.FromSeconds(interval),
        };
        using var interrupt = new InterruptHandler(context);
        try
        {
            await foreach (var sample in context.Engine.WatchUsageAsync(query, context.Cancelled))
                PrintUsage(context, sample);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how one stops watching.
        }
        return 0;
    }

    internal static async Task<int> EventsAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        var now = DateTimeOffset.Now;
        var until = line.Text("until") is { } text ? DurationParser.ParseTime(text, now, past: false, "--until") : (DateTimeOffset?)null;
        var query = new EventQuery
        {
            Follow = line.Flag("stream") && (until is null || until > now),
            Since = line.Text("since") is { } since ? DurationParser.ParseTime(since, now, past: true, "--since") : null,
            Until = until,
            Filters = context.Filters(),
        };
        // An end without a beginning means from the beginning, as under podman.
        if (query.Follow && query.Since is null && until is not null)
            query = query with { Since = DateTimeOffset.UnixEpoch };
        using var interrupt = new InterruptHandler(context);
        var listing = new Listing("events", EventShape.Headings);
        try
        {
            await foreach (var item in context.Engine.GetEventsAsync(query, context.Cancelled))
            {
                if (Listing.IsJson(format))
                    context.Out.WriteLine(WireJson.ToText(EventShape.Create(item)));
                else if (format is not null)
                    context.Out.Write(listing.Render(format, [EventShape.Create(item)]));
                else
                    context.Out.WriteLine(EventShape.Text(item, line.Flag("no-trunc")));
                if (query.Follow)
                    context.Out.Flush();
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how one stops watching.
        }
        return 0;
    }

    private static int? Tail(string text)
    {
        if (text == "all")
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? count < 0 ? null : count
            : throw EngineErrors.InvalidArgument($"invalid number of lines \"{text}\" for --tail", text, "give a number, or leave it out for all lines");
    }

    private static void PrintUsage(CommandContext context, UsageSample sample)
    {
        var line = context.Line;
        var format = line.Text("format");
        var shapes = sample.Containers.Select(usage => UsageShape.Create(usage, line.Flag("no-trunc")));
        if (!line.Flag("no-reset"))
            ClearScreen(context);
        if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(shapes), 1));
        else
            context.Out.Write(new Listing("stats", UsageShape.Headings).Render(format is null or "table" ? UsageTable : format, shapes));
        context.Out.Flush();
    }

    /// <summary>Begins a new page on a terminal; a file or pipe gets one view after the other.</summary>
    internal static void ClearScreen(CommandContext context)
    {
        if (!context.Globals.Given("out") && Engine.Native.Terminal.IsTerminal(1))
            context.Out.Write("\u001b[2J\u001b[H");
    }
}
