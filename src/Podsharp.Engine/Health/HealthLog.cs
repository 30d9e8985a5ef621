using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Health;

/// <summary>The file with a container's last checks, in podman's form and place.</summary>
/// <param name="path">The file.</param>
internal sealed class HealthLog(string path)
{
    private const uint Mode = 0x1C0; // 0700, as podman's

    /// <summary>Where a container's file is.</summary>
    /// <param name="destination">local, events_logger or a directory.</param>
    /// <param name="runDirectory">The container's directory that a reboot clears.</param>
    /// <param name="id">The container.</param>
    public static HealthLog For(string destination, string runDirectory, string id) => new(destination is "local" or "events_logger"
        ? Path.Combine(Path.GetDirectoryName(runDirectory)!, "healthcheck.log")
        : Path.Combine(destination, id + "-healthcheck.log"));

    /// <summary>The checks in it; none where there is no file or none that can be read.</summary>
    public IReadOnlyList<HealthLogEntry> Read()
    {
        try
        {
            return Files.TryReadAll(path) is { } bytes ? JsonRow.Parse(bytes, anyCase: false, row => row.Objects("Log", Entry) ?? []) : [];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Writes it anew.</summary>
    public void Write(ContainerHealth health) => Files.Replace(path, JsonFields.Document(health, Document), Mode, durable: false);

    /// <summary>Removes it.</summary>
    public void Remove() => _ = Files.TryRemove(path);

    /// <summary>One check, as it stands in the file.</summary>
    public static byte[] Format(HealthLogEntry entry) => JsonFields.Document(entry, Entry);

    private static void Document(Utf8JsonWriter json, ContainerHealth health)
    {
        json.WriteString("Status", Word(health.Status));
        json.WriteNumber("FailingStreak", health.FailingStreak);
        if (health.Log.Count == 0)
            json.WriteNull("Log");
        else
            json.Field("Log", health.Log, Entry);
    }

    /// <summary>podman's word for a status.</summary>
    public static string Word(HealthStatus status) => status == HealthStatus.None ? "" : status.ToString().ToLowerInvariant();

    private static void Entry(Utf8JsonWriter json, HealthLogEntry entry)
    {
        json.Field("Start", entry.Start);
        json.Field("End", entry.End);
        json.WriteNumber("ExitCode", entry.ExitCode);
        json.WriteString("Output", entry.Output);
    }

    private static HealthLogEntry Entry(JsonRow row) => new(row.Time("Start") ?? default, row.Time("End") ?? default, row.Int("ExitCode"), row.Text("Output", ""));
}
