namespace Podsharp.Completion;

/// <summary>Completes time zones.</summary>
public sealed class TimeZoneCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words =>
    [
        ("local", "the host's own"), .. TimeZoneInfo.GetSystemTimeZones().Select(zone => (zone.Id, zone.DisplayName)),
    ];
}
