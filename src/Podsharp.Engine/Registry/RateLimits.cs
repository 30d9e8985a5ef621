using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>What registries say about how much may be fetched (Docker Hub's headers: <c>ratelimit-limit: 100;w=21600</c>).</summary>
internal static class RateLimits
{
    /// <summary>Reads the headers of an answer; null where there are none that can be understood.</summary>
    internal static RegistryRateLimit? Read(HttpResponseMessage response) => Header(response, "RateLimit-Limit") is { } limit && Number(limit) is { } count
        ? new RegistryRateLimit(count, Header(response, "RateLimit-Remaining") is { } rest ? Number(rest) : null, Window(limit)) : null;

    /// <summary>Says it to people: "100 manifests in 6 hours are allowed, 0 are left".</summary>
    internal static string Describe(RegistryRateLimit limit) => string.Create(CultureInfo.InvariantCulture,
        $"{limit.Limit} manifests{(limit.Period is { } period ? $" in {Time(period)}" : "")} are allowed{(limit.Remaining is { } rest ? $", {rest} are left" : "")}");

    /// <summary>A time for people.</summary>
    internal static string Time(TimeSpan time) => time switch
    {
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} seconds"),
    };

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;

    private static int? Number(string text) => int.TryParse(text.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Window(string text)
    {
        foreach (var part in text.Split(';').Skip(1))
        {
            if (part.Trim() is ['w', '=', .. var seconds] && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return TimeSpan.FromSeconds(number);
            }
        }
        return null;
    }
}
