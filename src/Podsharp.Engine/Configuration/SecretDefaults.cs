using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>The table <c>[secrets]</c> of containers.conf.</summary>
internal sealed record SecretDefaults
{
    /// <summary>Who keeps the values of new secrets.</summary>
    public string Driver { get; init; } = "file";

    /// <summary>That driver's options (<c>[secrets.opts]</c>).</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = EmptyDictionary.Strings;
}
