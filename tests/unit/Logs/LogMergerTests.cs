using System.Runtime.CompilerServices;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.UnitTests.Logs;

public sealed class LogMergerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);

    private static async IAsyncEnumerable<ContainerLogEntry> Log(string name, IEnumerable<int> seconds, [EnumeratorCancellation] CancellationToken token = default)
    {
        foreach (var second in seconds)
        {
            if (second % 7 == 0) await Task.Yield();
            token.ThrowIfCancellationRequested();
            yield return new ContainerLogEntry { Time = Start.AddSeconds(second), Text = $"{name}{second}" };
        }
    }

    private static async IAsyncEnumerable<ContainerLogEntry> Endless(string text, [EnumeratorCancellation] CancellationToken token = default)
    {
        yield return new ContainerLogEntry { Time = Start.AddSeconds(5), Text = text };
        await Task.Delay(Timeout.Infinite, token);
    }

    private static async IAsyncEnumerable<ContainerLogEntry> Broken([EnumeratorCancellation] CancellationToken token = default)
    {
        await Task.Delay(10, token);
        if (token.CanBeCanceled) throw EngineErrors.ContainerNotFound("nosuch");
        yield break;
    }

    private static async Task<string> Merge(bool follow, params IAsyncEnumerable<ContainerLogEntry>[] logs)
    {
        var texts = new List<string>();
        await foreach (var entry in LogMerger.MergeAsync(logs, follow)) texts.Add(entry.Text);
        return string.Join(' ', texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_are_in_the_order_of_time(bool follow)
    {
        Assert.Equal("b1 a2 b3 a4 a5 b9", await Merge(follow, Log("a", [2, 4, 5]), Log("b", [1, 3, 9])));
        Assert.Equal("", await Merge(follow, Log("a", []), Log("b", [])));
        Assert.Equal("", await Merge(follow));
        // Lines of one log keep their order, whatever their times.
        Assert.Equal("b1 a3 a2 b4", await Merge(follow, Log("a", [3, 2]), Log("b", [1, 4])));
        Assert.Equal("a1 b1", await Merge(follow, Log("a", [1]), Log("b", [1])));
    }

    [Fact]
    public async Task Long_logs_are_merged_without_reading_them_whole()
    {
        var merged = new List<DateTimeOffset>();
        await foreach (var entry in LogMerger.MergeAsync([Log("a", Enumerable.Range(0, 3000)), Log("b", Enumerable.Range(500, 3000)), Log("c", Enumerable.Range(100, 10))], follow: false))
            merged.Add(entry.Time);
        Assert.Equal(6010, merged.Count);
        Assert.Equal(merged.Order(), merged);
    }

    [Fact]
    public async Task A_silent_log_holds_nothing_back_while_following()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<string>();
        await foreach (var entry in LogMerger.MergeAsync([Endless("late"), Log("a", [1, 2, 9]), Endless("later")], follow: true, null, stop.Token))
        {
            seen.Add(entry.Text);
            if (seen.Count == 5) break;
        }
        Assert.Equal(["a1", "a2", "late", "later", "a9"], seen);
    }

    [Fact]
    public async Task One_that_fails_ends_all_or_is_told()
    {
        await Assert.ThrowsAsync<ContainerEngineException>(() => Merge(false, Log("a", [1]), Broken()));
        var failed = new List<int>();
        var texts = new List<string>();
        await foreach (var entry in LogMerger.MergeAsync([Broken(), Log("a", [1, 2])], follow: false, (index, _) =>
        {
            failed.Add(index);
            return ValueTask.CompletedTask;
        })) texts.Add(entry.Text);
        Assert.Equal([0], failed);
        Assert.Equal(["a1", "a2"], texts);
    }
}
