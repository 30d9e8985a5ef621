using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>An image in lists: <c>images --format json</c> and the fields of <c>images --format</c>.</summary>
public static class ImageListShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ID"] = "IMAGE ID",
        ["Id"] = "IMAGE ID",
        ["CreatedAt"] = "CREATED AT",
        ["CreatedSince"] = "CREATED",
        ["CreatedTime"] = "CREATED TIME",
        ["ReadOnly"] = "R/O",
        ["RepoDigests"] = "DIGESTS",
    };

    /// <summary>Makes the shape of an image under one of its names.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">The name that the row shows; null for none.</param>
    /// <param name="now">The present, for relative times.</param>
    /// <param name="whole">Nothing is cut in template fields.</param>
    public static WireStruct Create(ContainerImage image, string? name, DateTimeOffset now, bool whole = false)
    {
        var (repository, tag) = Split(name);
        return new WireStruct("imageReporter")
            .Add("ID", image.Id, "Id")
            .Add("ParentID", "", "ParentId")
            .Add("RepoTags", null)
            .Add("RepoDigests", WireList.From(image.RepoDigests))
            .Add("Size", image.Size)
            .Add("SharedSize", 0L)
            .Add("VirtualSize", image.Size)
            .Add("Labels", image.Labels is null ? WireMap.Nil : WireMap.From(image.Labels, nilIfEmpty: true))
            .Add("Containers", image.Containers)
            .Add("ReadOnly", image.ReadOnly, omitEmpty: true)
            .Add("Dangling", image.Names.Count == 0, omitEmpty: true)
            .Add("Digest", image.Digest)
            .Add("History", WireList.From(image.Names), omitEmpty: true)
            .Add("Names", WireList.From(image.Names), omitEmpty: true)
            .Add("Created", image.Created.ToUnixTimeSeconds())
            .Add("CreatedAt", image.Created.ToUniversalTime())
            .AddMethod("ID", () => whole ? "sha256:" + image.Id : image.ShortId)
            .AddMethod("Repository", () => repository)
            .AddMethod("Tag", () => tag)
            .AddMethod("Size", () => Human.Size(image.Size, 3, " "))
            .AddMethod("VirtualSize", () => Human.Size(image.Size, 3, " "))
            .AddMethod("Created", () => Human.Ago(image.Created, now))
            .AddMethod("CreatedSince", () => Human.Ago(image.Created, now))
            .AddMethod("CreatedAt", () => GoText.Time(image.Created.ToUniversalTime()))
            .AddMethod("CreatedTime", () => GoText.Time(image.Created.ToUniversalTime()))
            .AddMethod("History", () => string.Join(", ", image.Names));
    }

    /// <summary>A row's repository and tag.</summary>
    public static (string Repository, string Tag) Split(string? name)
    {
        if (name is null)
            return ("<none>", "<none>");
        var (repository, tag, _) = ImageName.Split(name);
        return (repository, tag ?? "<none>");
    }
}
