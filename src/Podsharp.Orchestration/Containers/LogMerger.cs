using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Puts the lines of several logs into one order of time.</summary>
public static class LogMerger
{
    private const int Ahead = 256;

    // A line is in its log a moment after its time, and a follower looks every few hundredths of a second: by then an older line of
    // another container has turned up.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Merges logs. Lines of one log keep their order; of two of the same time the earlier log's comes first.</summary>
    /// <param name="logs">The logs, each in its own order.</param>
    /// <param name="follow">The logs go on: a line is held back for a moment only, not until each of the others has a later one.</param>
    /// <param name="onError">Told of a log that can't be read, by its number; the others go on. Null: the first error ends all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">A log can't be read, and nobody is told.</exception>
    public static async IAsyncEnumerable<ContainerLogEntry> MergeAsync(IReadOnlyList<IAsyncEnumerable<ContainerLogEntry>> logs, bool follow,
        Func<int, ContainerEngineException, ValueTask>? onError = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sources = logs.Select(_ => Channel.CreateBounded<Arrival>(new BoundedChannelOptions(Ahead) { SingleWriter = true })).ToArray();
        var readers = logs.Select((log, index) => Task.Run(() => ReadAsync(log, index, sources[index].Writer, onError, ending.Token), CancellationToken.None)).ToArray();
        var waits = new Task[logs.Count];
        try
        {
            while (true)
            {
                var (next, waiting) = Choose(sources);
                if (next < 0 && waiting.Count == 0)
                    break;
                var held = next < 0 || waiting.Count == 0 ? TimeSpan.Zero : Peek(sources[next]).Age;
                if (next >= 0 && (waiting.Count == 0 || (follow && held >= Patience)))
                {
                    sources[next].Reader.TryRead(out var arrival);
                    yield return arrival!.Entry;
                    continue;
                }
                // One wait for each log, kept until it ends: an idle log must not gather them.
                List<Task> events = [.. waiting.Select(index => waits[index] is { IsCompleted: false } wait ? wait
                    : waits[index] = sources[index].Reader.WaitToReadAsync(ending.Token).AsTask())];
                if (next >= 0 && follow)
                    events.Add(Task.Delay(Patience - held, ending.Token));
                // An error of a log comes out here, through its channel.
                await await Task.WhenAny(events);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(readers);
        }
    }

    // The log with the oldest line that is there, and those of which nothing is there yet.
    private static (int Next, List<int> Waiting) Choose(Channel<Arrival>[] sources)
    {
        var next = -1;
        var waiting = new List<int>();
        for (var index = 0; index < sources.Length; index++)
        {
            if (sources[index].Reader.TryPeek(out var arrival))
            {
                if (next < 0 || arrival.Entry.Time < Peek(sources[next]).Entry.Time)
                    next = index;
            }
            else if (!sources[index].Reader.Completion.IsCompletedSuccessfully)
            {
                waiting.Add(index);
            }
        }
        return (next, waiting);
    }

    private static Arrival Peek(Channel<Arrival> source) => source.Reader.TryPeek(out var arrival) ? arrival : throw new UnreachableException();

    private static async Task ReadAsync(IAsyncEnumerable<ContainerLogEntry> log, int index, ChannelWriter<Arrival> target,
        Func<int, ContainerEngineException, ValueTask>? onError, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var entry in log.WithCancellation(cancellationToken))
                await target.WriteAsync(new Arrival(entry, Stopwatch.GetTimestamp()), cancellationToken);
            target.Complete();
        }
        catch (ContainerEngineException e) when (onError is not null)
        {
            await onError(index, e);
            target.Complete();
        }
        catch (Exception e)
        {
            target.Complete(e);
        }
    }

    private sealed record Arrival(ContainerLogEntry Entry, long Timestamp)
    {
        internal TimeSpan Age => Stopwatch.GetElapsedTime(Timestamp);
    }
}
