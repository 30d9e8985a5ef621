namespace Podsharp.Views;

/// <summary>Image names as people write them.</summary>
public static class ImageNames
{
    private static readonly string[] Prefixes = ["docker.io/library/", "docker.io/", "localhost/"];

    /// <summary>The name without what is understood: Docker Hub's host, localhost and the tag latest.</summary>
    public static string Familiar(string name)
    {
        foreach (var prefix in Prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
                break;
            }
        return name.EndsWith(":latest", StringComparison.Ordinal) ? name[..^7] : name;
    }

    /// <summary>All names of an image in familiar form; <c>&lt;none&gt;</c> without one.</summary>
    public static string FamiliarList(IEnumerable<string> names) => string.Join(", ", names.Select(Familiar).DefaultIfEmpty("<none>"));

    /// <summary>The forms under which a name may be looked for: full, without the understood host, and each without the tag latest.</summary>
    internal static IEnumerable<string> Forms(string name)
    {
        yield return name;
        foreach (var prefix in Prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                yield return name[prefix.Length..];
        if (!name.EndsWith(":latest", StringComparison.Ordinal))
            yield break;
        foreach (var form in Forms(name[..^7]))
            yield return form;
    }
}
