using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A step of an image's history: <c>history --format json</c> and the fields of <c>history --format</c>.</summary>
public static class ImageHistoryShape
{
    private const int LongestInstruction = 45;

    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["ID"] = "ID" };

    /// <summary>Makes the shape of a step.</summary>
    /// <param name="entry">The step.</param>
    /// <param name="now">The present, for relative times.</param>
    /// <param name="human">Times are told relative to now in template fields.</param>
    /// <param name="whole">Nothing is cut in template fields.</param>
    /// <param name="listed">It stands in the JSON of a list, where podman tells the time twice.</param>
    public static WireStruct Create(ImageHistoryEntry entry, DateTimeOffset now, bool human = true, bool whole = false, bool listed = false)
    {
        var id = entry.Id.Length > 0 ? entry.Id : "<missing>";
        var created = (entry.Created ?? DateTimeOffset.UnixEpoch).ToUniversalTime();
        var stamp = created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var shape = new WireStruct("historyReporter")
            .Add("ID", id, "id")
            .Add("HistoryTime", created, "created")
            .Add("CreatedBy", entry.CreatedBy)
            .Add("Tags", WireList.From(entry.Tags), "tags", omitEmpty: true)
            .Add("Size", entry.Size, "size")
            .Add("Comment", entry.Comment, "comment", omitEmpty: true)
            .AddMethod("ID", () => whole || entry.Id.Length == 0 ? id : entry.ShortId)
            .AddMethod("Created", () => human ? Human.Ago(created, now) : stamp)
            .AddMethod("CreatedAt", () => stamp)
            .AddMethod("CreatedSince", () => Human.Ago(created, now))
            .AddMethod("CreatedBy", () => whole || entry.CreatedBy.Length <= LongestInstruction ? entry.CreatedBy : entry.CreatedBy[..(LongestInstruction - 3)] + "...")
            .AddMethod("Size", () => Human.Size(entry.Size, 3));
        return listed ? shape.Add("CreatedText", stamp, "Created") : shape;
    }
}
