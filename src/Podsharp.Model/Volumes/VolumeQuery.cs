namespace Podsharp.Model;

/// <summary>Which volumes to list.</summary>
public sealed record VolumeQuery
{
    /// <summary>Filters as podman has them: name (a regular expression), label, label!, driver, scope, opt (NAME or NAME=value), dangling (true or false: whether
    /// no container uses it), until (a time or a duration), since and after (the name of a volume). A volume has to pass each key: all labels, one of the
    /// values of any other.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
