using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Answers to <c>tags/list</c> (distribution-spec, "Content Discovery").</summary>
internal static class TagList
{
    /// <summary>The tags of one page.</summary>
    /// <exception cref="ContainerEngineException">It is no list (DataCorrupt).</exception>
    internal static IReadOnlyList<string> Parse(ReadOnlyMemory<byte> json, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            // A repository without tags has null in some registries.
            return document.RootElement.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array
                ? [.. tags.EnumerateArray().Select(tag => tag.GetString()).OfType<string>()] : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "TagListInvalid", $"{what}: the answer is not a list of tags", innerException: error);
        }
    }

    /// <summary>Where the next page is (RFC 8288: <c>Link: &lt;ADDRESS&gt;; rel="next"</c>); null on the last one.</summary>
    internal static Uri? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Link", out var links))
        {
            return null;
        }
        foreach (var link in links)
        {
            var (open, close) = (link.IndexOf('<'), link.IndexOf('>'));
            if (open >= 0 && close > open && link.AsSpan(close).Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase) &&
                Uri.TryCreate(link[(open + 1)..close], UriKind.RelativeOrAbsolute, out var address))
            {
                return address;
            }
        }
        return null;
    }
}
