using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A repository that a search has found, or a tag: <c>search --format json</c> and the fields of <c>search --format</c>.</summary>
public static class ImageSearchShape
{
    private const int LongestDescription = 44;

    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = EmptyDictionary.Strings;

    /// <summary>Makes the shape of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="whole">Nothing is cut.</param>
    public static WireStruct Create(ImageSearchResult result, bool whole = false) => new WireStruct("SearchReport")
        .Add("Index", result.Registry)
        .Add("Name", result.Name)
        .Add("Description", whole || result.Description.Length <= LongestDescription ? result.Description : result.Description[..LongestDescription] + "...")
        .Add("Stars", result.Stars)
        .Add("Official", result.Official ? "[OK]" : "")
        .Add("Automated", result.Automated ? "[OK]" : "")
        .Add("Tag", result.Tag ?? "");

    /// <summary>Makes the shape of a repository with its tags.</summary>
    public static WireStruct CreateTags(string name, IEnumerable<string> tags) => new WireStruct("ListTagReport").Add("Name", name).Add("Tags", WireList.From(tags));
}
