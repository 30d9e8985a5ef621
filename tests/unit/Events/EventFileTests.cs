using Podsharp.Engine.Events;
using Podsharp.Model;

namespace Podsharp.UnitTests.Events;

public sealed class EventFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-test-").FullName;

    private string LogPath => directory + "/events/events.log";

    private static async Task<List<EngineEvent>> Read(IEventLog log, EventQuery query, CancellationToken token = default)
    {
        var events = new List<EngineEvent>();
        await foreach (var happened in log.ReadAsync(query, token)) events.Add(happened);
        return events;
    }

    private static EngineEvent Event(string status, string name = "web", string type = "container", params (string, string)[] labels) => new()
    {
        Type = type, Status = status, Name = name, Id = name + "1234", Image = "localhost/bb:latest", Time = DateTimeOffset.UtcNow,
        Attributes = labels.ToDictionary(l => l.Item1, l => l.Item2),
    };

    [Fact]
    public async Task Lines_are_podmans()
    {
        var log = new EventFile(LogPath);
        log.Append(Event("died") with { ExitCode = 3, Time = new DateTimeOffset(2026, 11, 22, 1, 32, 11, TimeSpan.Zero).AddTicks(7798082) });
        Assert.Equal("""{"ContainerExitCode":3,"ID":"web1234","Image":"localhost/bb:latest","Name":"web","Status":"died","Time":"2026-11-22T01:32:11.7798082\u002B00:00","Type":"container","Attributes":{}}""" + "\n",
            File.ReadAllText(LogPath));
        File.AppendAllText(LogPath, """{"ID":"x","Name":"pm","Status":"start","Time":"2026-11-22T01:32:11.779808264Z","Type":"container","Attributes":null}""" + "\nnonsense\n{\"cut");
        var events = await Read(log, new EventQuery());
        Assert.Equal(["died", "start"], events.Select(e => e.Status));
        Assert.Equal(3, events[0].ExitCode);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 1, 32, 11, TimeSpan.Zero).AddTicks(7798082), events[1].Time);
    }

    [Fact]
    public async Task Filters_match_as_podmans()
    {
        var log = new EventFile(LogPath);
        log.Append(Event("create", labels: ("a", "b")));
        log.Append(Event("start", "db"));
        log.Append(Event("pull", "docker.io/library/nginx:latest", "image"));
        async Task<string> Of(string key, params string[] values) =>
            string.Join(',', (await Read(log, new EventQuery { Filters = new Dictionary<string, IReadOnlyList<string>> { [key] = values } })).Select(e => e.Status));
        Assert.Equal("create", await Of("container", "web"));
        Assert.Equal("create,start", await Of("container", "web1", "db"));
        Assert.Equal("create", await Of("label", "a=b"));
        Assert.Equal("", await Of("label", "a=c"));
        Assert.Equal("pull", await Of("image", "nginx"));
        Assert.Equal("", await Of("image", "bb"));
        Assert.Equal("", await Of("volume", "web"));
        Assert.Equal("pull", await Of("type", "image"));
        Assert.Equal("start", await Of("event", "start"));
        Assert.Equal("start", await Of("STATUS", "start"));
        Assert.Equal("", await Of("event", "Start"));
        log.Append(Event("died", "gone"));
        Assert.Equal("died", await Of("event", "die"));
        await Assert.ThrowsAsync<ContainerEngineException>(() => Of("nonsense", "x"));
        Assert.Empty(await Read(log, new EventQuery { Until = DateTimeOffset.UtcNow.AddHours(-1) }));
        Assert.Equal(4, (await Read(log, new EventQuery { Since = DateTimeOffset.UtcNow.AddHours(-1) })).Count);
    }

    [Fact]
    public async Task Followers_see_everything_once_over_rotations()
    {
        var log = new EventFile(LogPath, maximumSize: 4000);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var follower = Task.Run(async () =>
        {
            var names = new List<string>();
            await foreach (var happened in new EventFile(LogPath).ReadAsync(new EventQuery { Follow = true, Since = DateTimeOffset.UnixEpoch }, stop.Token))
            {
                if (happened.Type == "container") names.Add(happened.Name);
                if (names.Count > 0 && names[^1] == "last") break;
            }
            return names;
        });
        var expected = Enumerable.Range(0, 100).Select(i => $"c{i}").Append("last").ToList();
        foreach (var name in expected)
        {
            log.Append(Event("start", name));
            await Task.Delay(10);
        }
        Assert.Equal(expected, await follower);
        Assert.InRange(new FileInfo(LogPath).Length, 1, 4000);
    }

    [Fact]
    public async Task Followers_without_a_beginning_begin_now_and_stay_there_over_a_rotation()
    {
        var log = new EventFile(LogPath, maximumSize: 4000);
        for (var i = 0; i < 15; i++) log.Append(Event("start", $"old{i}"));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var follower = log.ReadAsync(new EventQuery { Follow = true }, stop.Token).GetAsyncEnumerator(stop.Token);
        var first = follower.MoveNextAsync();
        var expected = Enumerable.Range(0, 15).Select(i => $"new{i}").ToList();
        foreach (var name in expected) log.Append(Event("start", name));
        var seen = new List<string>();
        for (var more = await first; more; more = await follower.MoveNextAsync())
        {
            if (follower.Current.Type == "container") seen.Add(follower.Current.Name);
            if (seen.Count > 0 && seen[^1] == expected[^1]) break;
        }
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Without_a_backend_nothing_is_kept_and_reading_says_so()
    {
        var log = new NoEvents();
        log.Append(Event("start"));
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Read(log, new EventQuery()));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }

    [Fact]
    public async Task What_only_some_events_have_is_kept()
    {
        var log = new EventFile(LogPath);
        log.Append(Event("died") with { OomKilled = true, ExitCode = 137 });
        log.Append(Event("create", "", "network") with { Network = "net", Attributes = new Dictionary<string, string> { ["driver"] = "bridge" } });
        log.Append(Event("pull-error", "x", "image") with { Error = "no such host" });
        var events = await Read(log, new EventQuery());
        Assert.True(events[0].OomKilled);
        Assert.Equal("net", events[1].Network);
        Assert.Equal("no such host", events[2].Error);
        Assert.Equal("net", Assert.Single(await Read(log, new EventQuery { Filters = new Dictionary<string, IReadOnlyList<string>> { ["network"] = ["net"] } })).Network);
    }

    [Fact]
    public async Task Parallel_writers_do_not_mix_lines()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(() =>
        {
            var log = new EventFile(LogPath);
            for (var i = 0; i < 50; i++) log.Append(Event("start", $"w{w}-{i}"));
        })));
        Assert.Equal(200, (await Read(new EventFile(LogPath), new EventQuery())).Select(e => e.Name).Distinct().Count());
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
