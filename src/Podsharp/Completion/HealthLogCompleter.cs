namespace Podsharp.Completion;

/// <summary>Completes where a log of health checks may be kept.</summary>
public sealed class HealthLogCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
        [("Local", "a file of the container's"), ("Events", "that file, and the events")];

    /// <summary>podman's word for what was given, or the path of the directory.</summary>
    internal static string Destination(string given, Func<string, string?> fullPath) => given.ToLowerInvariant() switch
    {
        "local" => "local",
        "events" or "events_logger" => "events_logger",
        _ => fullPath(given)!,
    };
}
