using System.Text;
using Podsharp.Engine.Events;
using Podsharp.Model;

namespace Podsharp.UnitTests.Events;

public sealed class JournalEntryTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 11, 22, 1, 32, 11, TimeSpan.Zero).AddTicks(7798082);

    private static Dictionary<string, string> Fields(EngineEvent happened) => JournalEntry.Format(happened).ToDictionary(field => field.Name, field => field.Value);

    private static EngineEvent? Parse(IReadOnlyDictionary<string, string> fields) =>
        JournalEntry.Parse(name => fields.TryGetValue(name, out var value) ? Encoding.UTF8.GetBytes(value) : null);

    [Fact]
    public void An_entry_has_podmans_fields()
    {
        var fields = Fields(new()
        {
            Type = "container", Status = "died", Time = Time, Id = "0123456789abcdef", Name = "web", Image = "localhost/bb:latest", ExitCode = 3, PodId = "fedc",
            Attributes = new Dictionary<string, string> { ["a"] = "line\nbreak" },
        });
        Assert.Equal("podman", fields["SYSLOG_IDENTIFIER"]);
        Assert.Equal("6", fields["PRIORITY"]);
        Assert.Equal("died", fields["PODMAN_EVENT"]);
        Assert.Equal("container", fields["PODMAN_TYPE"]);
        Assert.Equal("2026-11-22T01:32:11.7798082+00:00", fields["PODMAN_TIME"]);
        Assert.Equal("0123456789abcdef", fields["PODMAN_ID"]);
        Assert.Equal("web", fields["PODMAN_NAME"]);
        Assert.Equal("localhost/bb:latest", fields["PODMAN_IMAGE"]);
        Assert.Equal("3", fields["PODMAN_EXIT_CODE"]);
        Assert.Equal("fedc", fields["PODMAN_POD_ID"]);
        Assert.Equal("""{"a":"line\nbreak"}""", fields["PODMAN_LABELS"]);
        Assert.Equal("container died 0123456789abcdef (image=localhost/bb:latest, name=web, pod_id=fedc, a=line\nbreak)", fields["MESSAGE"]);
        Assert.DoesNotContain("PODMAN_HEALTH_STATUS", fields.Keys);
        Assert.DoesNotContain("PODMAN_NETWORK_NAME", fields.Keys);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        EngineEvent[] events =
        [
            new() { Type = "container", Status = "died", Time = Time, Id = "i", Name = "n", Image = "m", ExitCode = 137, OomKilled = true, PodId = "p", Attributes = new Dictionary<string, string> { ["a"] = "b" } },
            new() { Type = "container", Status = "health_status", Time = Time, Id = "i", HealthStatus = "healthy", HealthLog = "{}" },
            new() { Type = "container", Status = "health_status", Time = Time, Id = "i", HealthStatus = "unhealthy", HealthFailingStreak = 4 },
            new() { Type = "network", Status = "connect", Time = Time, Id = "i", Network = "net", Name = "c" },
            new() { Type = "image", Status = "pull-error", Time = Time, Name = "n", Error = "no such host" },
            new() { Type = "secret", Status = "create", Time = Time, Id = "i", Name = "n" },
            new() { Type = "volume", Status = "remove", Time = Time, Name = "v" },
            new() { Type = "pod", Status = "stop", Time = Time, Id = "i", Name = "n" },
        ];
        foreach (var happened in events)
        {
            var read = Parse(Fields(happened));
            Assert.Equal(happened.Attributes, read!.Attributes);
            Assert.Equal(happened, read with { Attributes = happened.Attributes });
        }
        Assert.Equal("5", Fields(events[1])["PRIORITY"]);
    }

    [Fact]
    public void What_podman_says_besides_is_no_event()
    {
        Assert.Null(Parse(new Dictionary<string, string> { ["MESSAGE"] = "time=... level=info" }));
        Assert.Null(Parse(new Dictionary<string, string> { ["PODMAN_TYPE"] = "image", ["PODMAN_TIME"] = "yesterday" }));
        var read = Parse(new Dictionary<string, string> { ["PODMAN_TYPE"] = "image", ["PODMAN_TIME"] = "2026-11-22T01:32:11.779808264Z", ["PODMAN_LABELS"] = "{cut", ["PODMAN_EXIT_CODE"] = "x" });
        Assert.Equal(Time.AddTicks(0), read!.Time);
        Assert.Empty(read.Attributes);
        Assert.Null(read.ExitCode);
    }
}
