using System.Text.Json;

namespace Podsharp.Engine.Trust;

/// <summary>Reads JSON on which security depends: a member that isn't known, stands twice or has another type than it should is an error, since
/// somebody meant something by it.</summary>
internal static class StrictJson
{
    /// <summary>An object's members.</summary>
    /// <param name="value">The object.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="allowed">The names it may have; any when null.</param>
    /// <exception cref="JsonException">It is no object, or has a member it may not have.</exception>
    internal static Dictionary<string, JsonElement> Members(JsonElement value, string what, IReadOnlyList<string>? allowed)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new JsonException($"{what} is not an object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (allowed is not null && !allowed.Contains(member.Name))
                throw new JsonException($"{what} has the unknown member \"{member.Name}\"");
            if (!members.TryAdd(member.Name, member.Value))
                throw new JsonException($"{what} has the member \"{member.Name}\" twice");
        }
        return members;
    }

    /// <summary>An object's members, all of which must be there.</summary>
    /// <exception cref="JsonException">As <see cref="Members"/>; one is missing.</exception>
    internal static Dictionary<string, JsonElement> Exactly(JsonElement value, string what, params string[] names)
    {
        var members = Members(value, what, names);
        return names.FirstOrDefault(name => !members.ContainsKey(name)) is { } missing
            ? throw new JsonException($"{what} lacks the member \"{missing}\"") : members;
    }

    /// <summary>A member that is a string; null where it is absent or empty.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static string? Text(this Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && String(value, name) is { Length: > 0 } text ? text : null;

    /// <summary>A member that is a list of strings; null where it is absent.</summary>
    /// <exception cref="JsonException">It is something else, or empty.</exception>
    internal static IReadOnlyList<string>? Texts(this Dictionary<string, JsonElement> members, string name)
    {
        if (!members.TryGetValue(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? [.. value.EnumerateArray().Select(item => String(item, name))]
            : throw new JsonException($"\"{name}\" is not a list with entries");
    }

    /// <summary>A string.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static string String(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new JsonException($"\"{name}\" is not a string");

    /// <summary>Bytes in base64.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static byte[] Bytes(string text, string name)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new JsonException($"\"{name}\" is not base64");
        }
    }
}
