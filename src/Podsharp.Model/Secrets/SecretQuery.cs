namespace Podsharp.Model;

/// <summary>Which secrets to list.</summary>
public sealed record SecretQuery
{
    /// <summary>Filters as podman has them: <c>name</c> (a regular expression) and <c>id</c> (its beginning). A secret has to pass each key by one of its
    /// values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
