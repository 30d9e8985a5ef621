using System.Globalization;
using System.Text;
using Podsharp.Engine.Containers.Logs;
using Podsharp.Model;

namespace Podsharp.UnitTests.Logs;

public sealed class ContainerLogTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-test-").FullName;
    private int second;

    private string LogPath => directory + "/ctr.log";

    private void Write(params string[] lines) => File.AppendAllText(LogPath, string.Concat(lines.Select(l =>
        string.Create(CultureInfo.InvariantCulture, $"{Start.AddSeconds(second++):yyyy-MM-dd'T'HH:mm:ss}.123456789+00:00 {l}\n"))));

    private async Task<List<ContainerLogEntry>> Read(LogQuery query, Func<bool>? isWriting = null)
    {
        var entries = new List<ContainerLogEntry>();
        await foreach (var entry in ContainerLogReader.ReadAsync(LogPath, query, isWriting)) entries.Add(entry);
        return entries;
    }

    private async Task<string> Texts(LogQuery query) => string.Join('|', (await Read(query)).Select(e => e.Text));

    [Fact]
    public async Task Pieces_of_a_stream_are_joined()
    {
        Write("stdout P he", "stderr F err", "stdout F llo", "stdout F ", "stdout P $ ");
        var entries = await Read(new LogQuery());
        Assert.Equal(["err", "hello", "", "$ "], entries.Select(e => e.Text));
        Assert.Equal([false, false, false, true], entries.Select(e => e.Partial));
        Assert.Equal(OutputStream.Error, entries[0].Stream);
        Assert.Equal(Start.AddTicks(1234567), entries[1].Time);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "$ ")]
    [InlineData(2, "hello|$ ")]
    [InlineData(3, "err|hello|$ ")]
    [InlineData(4, "one|err|hello|$ ")]
    [InlineData(9, "one|err|hello|$ ")]
    public async Task Tail_counts_whole_lines(int tail, string expected)
    {
        Write("stdout F one", "stdout P he", "stderr F err", "stdout F llo", "stdout P $ ");
        Assert.Equal(expected, await Texts(new LogQuery { Tail = tail }));
    }

    [Fact]
    public async Task Tail_of_one_stream_ignores_the_other()
    {
        Write("stdout F a", "stderr F x", "stdout F b", "stderr F y", "stderr F z");
        Assert.Equal("a|b", await Texts(new LogQuery { Tail = 2, Error = false }));
        Assert.Equal("z", await Texts(new LogQuery { Tail = 1, Output = false }));
    }

    [Fact]
    public async Task Tail_equals_the_end_of_the_whole_for_random_logs()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            File.Delete(LogPath);
            var count = random.Next(1, 400);
            Write([.. Enumerable.Range(0, count).Select(i => $"{(random.Next(3) == 0 ? "stderr" : "stdout")} {(random.Next(4) == 0 ? 'P' : 'F')} {new string('x', random.Next(0, 900))}{i}")]);
            var all = (await Read(new LogQuery())).Where(e => !e.Partial).Select(e => (e.Stream, e.Text)).ToList();
            foreach (var tail in (int[])[1, 2, 17, 100])
            {
                var got = (await Read(new LogQuery { Tail = tail })).Where(e => !e.Partial).Select(e => (e.Stream, e.Text)).ToList();
                Assert.Equal(all.TakeLast(got.Count), got);
                Assert.InRange(got.Count, Math.Max(0, Math.Min(tail, all.Count) - 2), tail);
            }
        }
    }

    [Fact]
    public async Task Since_and_until_bound_the_lines()
    {
        Write("stdout F a", "stdout F b", "stdout F c");
        Assert.Equal("b|c", await Texts(new LogQuery { Since = Start.AddSeconds(1) }));
        Assert.Equal("a|b", await Texts(new LogQuery { Until = Start.AddSeconds(1.5) }));
        Assert.Equal("b", await Texts(new LogQuery { Until = Start.AddSeconds(1.5), Tail = 1 }));
        Assert.Equal("c", await Texts(new LogQuery { Since = Start.AddSeconds(1.5), Tail = 9 }));
    }

    [Fact]
    public async Task Follow_goes_on_over_a_replaced_file_until_the_container_ends()
    {
        Write("stdout F old", "stdout F one");
        var writing = true;
        var reader = Task.Run(async () =>
        {
            var texts = new List<string>();
            await foreach (var entry in ContainerLogReader.ReadAsync(LogPath, new LogQuery { Follow = true, Tail = 1 }, () => writing)) texts.Add(entry.Text);
            return texts;
        });
        await Task.Delay(200);
        Write("stdout F two");
        await Task.Delay(200);
        File.WriteAllText(LogPath + ".tmp", "2026-11-22T01:32:11.779808264+00:00 stdout F three\n");
        File.Move(LogPath + ".tmp", LogPath, overwrite: true);
        Write("stdout P four");
        await Task.Delay(300);
        Write("stdout F five");
        writing = false;
        Assert.Equal(["one", "two", "three", "four", "five"], await reader.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    // As conmon 2.2 does it: .1 becomes .2, the log .1, and a new one takes its place.
    private void Rotate(int keep)
    {
        for (var i = keep; i > 1; i--)
        {
            if (File.Exists($"{LogPath}.{i - 1}")) File.Move($"{LogPath}.{i - 1}", $"{LogPath}.{i}", overwrite: true);
        }
        File.WriteAllText(LogPath + ".new", "");
        File.Move(LogPath, LogPath + ".1", overwrite: true);
        File.Move(LogPath + ".new", LogPath);
    }

    [Fact]
    public async Task Files_that_were_set_aside_are_read_first()
    {
        Write("stdout F a", "stderr F b");
        Rotate(3);
        Write("stdout F c", "stdout P d");
        Rotate(3);
        Write("stdout F e", "stdout F f");
        Assert.Equal("a|b|c|de|f", await Texts(new LogQuery()));
        Assert.Equal("de|f", await Texts(new LogQuery { Tail = 2 }));
        Assert.Equal("b|c|de|f", await Texts(new LogQuery { Tail = 4 }));
        Assert.Equal("b|c|de|f", await Texts(new LogQuery { Since = Start.AddSeconds(1) }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task Follow_goes_on_over_files_that_are_set_aside(int? tail)
    {
        Write("stdout F 0");
        var writing = true;
        var reader = Task.Run(async () =>
        {
            var texts = new List<string>();
            await foreach (var entry in ContainerLogReader.ReadAsync(LogPath, new LogQuery { Follow = true, Tail = tail }, () => writing)) texts.Add(entry.Text);
            return texts;
        });
        await Task.Delay(200);
        // Several at a time: the reader finds those in between, too.
        for (var i = 1; i <= 300; i++)
        {
            Write($"stdout F {i}");
            if (i % 3 == 0) Rotate(200);
            if (i % 50 == 0) await Task.Delay(60);
        }
        writing = false;
        Assert.Equal(Enumerable.Range(tail is null ? 0 : 1, tail is null ? 301 : 300).Select(i => $"{i}"), await reader.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_missing_log_is_empty() => Assert.Empty(await Read(new LogQuery { Tail = 3 }));

    [Fact]
    public async Task A_line_being_written_is_not_read_yet()
    {
        Write("stdout F a");
        File.AppendAllText(LogPath, "2026-11-22T01:32:11.779808264+00:00 stdout F hal");
        Assert.Equal("a", await Texts(new LogQuery { Tail = 5 }));
        Assert.Equal("a", await Texts(new LogQuery()));
    }

    [Fact]
    public async Task Follow_can_be_cancelled()
    {
        Write("stdout F a");
        using var stop = new CancellationTokenSource(300);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in ContainerLogReader.ReadAsync(LogPath, new LogQuery { Follow = true }, () => true, stop.Token)) { }
        });
    }

    [Fact]
    public void Tags_have_fields()
    {
        static string? Field(string name) => name == "Name" ? "web" : null;
        Assert.Equal("a web/web}", LogTag.Expand("a {{ .Name }}/{{.Name}}}", Field));
        Assert.Equal("", LogTag.Expand("", Field));
        foreach (var bad in (string[])["{{.Nothing}}", "{{Name}}", "x{{.Name"])
            Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => LogTag.Expand(bad, Field)).Kind);
    }

    [Theory]
    [InlineData("10k", 10_000)]
    [InlineData("1.5mb", 1_500_000)]
    [InlineData("7", 7)]
    public void Size_limits_are_in_powers_of_a_thousand(string text, long bytes) => Assert.Equal(bytes,
        LogSettings.Decide(new ContainerSpec { LogOptions = new Dictionary<string, string> { ["max-size"] = text } }, new(), journal: false).SizeMaximum);

    [Theory]
    [InlineData("2026-11-22T01:32:11.779808264-05:30 stdout F x", true)]
    [InlineData("2026-11-22T01:32:11Z stderr P x", true)]
    [InlineData("2026-13-22T01:32:11Z stderr P x", false)]
    [InlineData("2026-11-22T01:32:11.7Z stdlog P x", false)]
    [InlineData("nonsense", false)]
    [InlineData("", false)]
    public void Lines_are_recognised(string line, bool good) => Assert.Equal(good, LogLine.TryParse(Encoding.UTF8.GetBytes(line), out _));

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
