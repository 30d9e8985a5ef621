using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>What logs prints: the lines of one or several containers in the order of time, each to the stream it was written to.</summary>
internal static class LogOutput
{
    // podman's, in its order.
    private static readonly int[] Colours = [37, 31, 33, 34, 35, 36, 32];

    internal static async Task PrintAsync(CommandContext context, IReadOnlyList<string> names, LogQuery query)
    {
        using var interrupt = query.Follow ? new InterruptHandler(context) : null;
        var numbers = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        IReadOnlyList<IAsyncEnumerable<ContainerLogEntry>> logs = [.. names.Select((name, number) => ReadAsync(context, name, query, numbers, number, context.Cancelled))];
        var entries = logs.Count == 1 ? logs[0] : LogMerger.MergeAsync(logs, query.Follow, null, context.Cancelled);
        try
        {
            await foreach (var entry in entries)
                Print(context, entry.Stream, Text(context, entry, names.Count > 1, numbers[entry.ContainerId]), query.Follow);
        }
        catch (OperationCanceledException) when (query.Follow)
        {
            // Ctrl+C is how one stops watching.
        }
    }

    private static async IAsyncEnumerable<ContainerLogEntry> ReadAsync(CommandContext context, string name, LogQuery query,
        ConcurrentDictionary<string, int> numbers, int number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in context.Engine.GetLogsAsync(name, query, cancellationToken))
        {
            numbers.TryAdd(entry.ContainerId, number);
            yield return entry;
        }
    }

    private static string Text(CommandContext context, ContainerLogEntry entry, bool several, int number)
    {
        var line = context.Line;
        var text = new StringBuilder();
        var colour = line.Flag("color");
        if (colour)
            text.Append(CultureInfo.InvariantCulture, $"\u001b[{Colours[number % Colours.Length]}m");
        if (several)
            text.Append(line.Flag("names") ? entry.Container : entry.ContainerId.AsSpan(0, Math.Min(12, entry.ContainerId.Length))).Append(' ');
        if (line.Flag("timestamps"))
            text.Append(entry.Time.ToLocalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff00zzz", CultureInfo.InvariantCulture)).Append(' ');
        text.Append(entry.Text);
        if (colour)
            text.Append("\u001b[0m");
        if (!entry.Partial)
            text.Append('\n');
        return text.ToString();
    }

    private static void Print(CommandContext context, OutputStream stream, string text, bool now)
    {
        var (output, other) = stream == OutputStream.Error ? (context.Error, context.Out) : (context.Out, context.Error);
        other.Flush(); // on a terminal the lines stand in the order in which they were written
        output.Write(text);
        if (now)
            output.Flush();
    }
}
