using System.Text.Json;

namespace Podsharp.Engine.Podman;

/// <summary>Looks into podman's JSON: what isn't there, or is of another kind, is nothing.</summary>
internal static class PodmanJson
{
    /// <summary>What a path of names leads to; an undefined element where it leads nowhere.</summary>
    internal static JsonElement Get(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }
        return element;
    }

    internal static string Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Get(path) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    internal static bool Flag(this JsonElement element, params ReadOnlySpan<string> path) => element.Get(path).ValueKind == JsonValueKind.True;

    internal static long? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Get(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    internal static IReadOnlyList<string> Texts(this JsonElement element, params ReadOnlySpan<string> path) =>
        [.. element.Items(path).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    internal static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Get(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : Enumerable.Empty<JsonElement>();

    internal static IEnumerable<JsonProperty> Members(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Get(path) is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    internal static IReadOnlyDictionary<string, string> Map(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Members(path).Where(member => member.Value.ValueKind == JsonValueKind.String)
            .ToDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);
}
