using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Images.Lists;

/// <summary>Where the images of a list are, as instances.json has it: <c>docker://NAME</c>, or
/// <c>containers-storage:[DRIVER@ROOT+RUNROOT]NAME@ID</c> with a name or an id or both.</summary>
internal static class ListPlaces
{
    private const string StoragePrefix = "containers-storage:";
    private const string RegistryPrefix = "docker://";

    /// <summary>Reads instances.json; the list's own id is left out.</summary>
    /// <exception cref="JsonException">It is no object of texts.</exception>
    internal static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> json)
    {
        var places = JsonRow.Parse(json, anyCase: false, row => row.Members());
        places.Remove("");
        return places;
    }

    /// <summary>Writes instances.json; names in order, as Go writes them.</summary>
    internal static byte[] Write(string listId, IReadOnlyDictionary<string, string> places)
    {
        var sorted = new SortedDictionary<string, string>(places.ToDictionary(), StringComparer.Ordinal);
        if (sorted.Count > 0)
        {
            sorted[""] = listId;
        }
        return RecordEditor.Write(json =>
        {
            json.WriteStartObject();
            JsonFields.Members(json, sorted);
            json.WriteEndObject();
        });
    }

    /// <summary>The place of an image of the store.</summary>
    internal static string OfLocal(StorageConfiguration store, string imageId) => $"{StoragePrefix}[{store.Driver}@{store.GraphRoot}+{store.RunRoot}]@{imageId}";

    /// <summary>The place of an image at a registry.</summary>
    internal static string OfRegistry(ImageReference reference) => RegistryPrefix + reference;

    /// <summary>The name of an image that is at a registry; null where it is elsewhere.</summary>
    internal static string? RegistryName(string place) => place.StartsWith(RegistryPrefix, StringComparison.Ordinal) ? place[RegistryPrefix.Length..] : null;

    /// <summary>What an image of a store is named by there: its id, else its name; null where it is elsewhere.</summary>
    internal static string? LocalName(string place)
    {
        if (!place.StartsWith(StoragePrefix, StringComparison.Ordinal))
        {
            return null;
        }
        var rest = place[StoragePrefix.Length..];
        if (rest.StartsWith('['))
        {
            rest = rest[(rest.IndexOf(']') + 1)..];
        }
        // An id is behind the last @, and has no algorithm before it, as a digest has.
        var at = rest.LastIndexOf('@');
        return at >= 0 && !rest[(at + 1)..].Contains(':') ? rest[(at + 1)..] : rest;
    }
}
