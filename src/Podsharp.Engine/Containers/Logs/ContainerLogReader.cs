using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>Reads a container's log, also while it grows.</summary>
internal static class ContainerLogReader
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads a log that conmon writes to a file (k8s-file); a missing one is an empty log.</summary>
    internal static IAsyncEnumerable<ContainerLogEntry> ReadAsync(string path, LogQuery query, Func<bool>? isWriting, CancellationToken cancellationToken = default) =>
        ReadAsync(() => new LogFile(path), query, isWriting, cancellationToken);

    /// <summary>Reads a log. The entries don't name the container.</summary>
    /// <param name="open">Opens the log.</param>
    /// <param name="query">Which lines.</param>
    /// <param name="isWriting">Whether more may be written; asked now and then while following. Null: nothing more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async IAsyncEnumerable<ContainerLogEntry> ReadAsync(Func<ILogSource> open, LogQuery query, Func<bool>? isWriting,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var assembler = new LogAssembler(query);
        using var source = open();
        if (!query.Follow)
            await source.SettleAsync(cancellationToken);
        foreach (var line in source.Begin(query))
        {
            if (assembler.Add(line) is { } entry) yield return entry;
        }
        var idle = 0;
        while (true)
        {
            // Asked before reading: what it wrote before its end is then surely in the file.
            var ended = !query.Follow || isWriting is null || !isWriting() || query.Until < DateTimeOffset.UtcNow;
            if (ended && query.Follow)
                await source.SettleAsync(cancellationToken);
            var got = false;
            while (source.TryReadLine(out var line))
            {
                cancellationToken.ThrowIfCancellationRequested();
                got = true;
                if (assembler.Add(line) is { } entry) yield return entry;
            }
            // A prompt has no line end: whoever follows wants to see it all the same.
            idle = got ? 0 : idle + 1;
            if (ended || idle == 2)
            {
                foreach (var entry in assembler.Flush()) yield return entry;
            }
            if (ended) yield break;
            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
