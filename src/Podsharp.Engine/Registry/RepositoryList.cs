using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Lists of repositories: a page of <c>_catalog</c>, and the answer to a search of Docker's first protocol.</summary>
internal static class RepositoryList
{
    /// <summary>The repositories of one page.</summary>
    /// <exception cref="ContainerEngineException">It is no list (DataCorrupt).</exception>
    internal static IReadOnlyList<string> Parse(ReadOnlyMemory<byte> json, string what) => Read<IReadOnlyList<string>>(json, what, root =>
        root.TryGetProperty("repositories", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.GetString()).OfType<string>()] : []);

    /// <summary>What a search has found.</summary>
    /// <exception cref="ContainerEngineException">It is no list (DataCorrupt).</exception>
    internal static IReadOnlyList<FoundRepository> ParseSearch(ReadOnlyMemory<byte> json, string what) => Read<IReadOnlyList<FoundRepository>>(json, what, root =>
        root.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array
            ? [.. results.EnumerateArray().Where(item => Text(item, "name").Length > 0).Select(item => new FoundRepository(Text(item, "name"), Text(item, "description"), Number(item, "star_count"), Flag(item, "is_official"), Flag(item, "is_automated")))]
            : []);

    private static T Read<T>(ReadOnlyMemory<byte> json, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "RepositoryListInvalid", $"{what}: the answer is not a list of repositories", innerException: error);
        }
    }

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static int Number(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static bool Flag(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
