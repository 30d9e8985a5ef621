using Podsharp.Model;

namespace Podsharp.Engine.Images.Synchronising;

/// <summary>What versions are wanted: <c>&gt;= 1.2, &lt; 2 || ~3.1</c>, in the words of skopeo's descriptions (Masterminds semver).</summary>
internal sealed class VersionRange
{
    private readonly IReadOnlyList<IReadOnlyList<Comparison>> _alternatives;

    private VersionRange(IReadOnlyList<IReadOnlyList<Comparison>> alternatives) => _alternatives = alternatives;

    /// <summary>Reads one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it is none.</exception>
    internal static VersionRange Parse(string text) => new([.. text.Split("||").Select(part => ParseAll(part, text))]);

    /// <summary>Whether a version is wanted. Preliminary ones are only where one is named.</summary>
    internal bool Contains(SemanticVersion version) =>
        _alternatives.Any(all => all.All(one => one.Holds(version)) && (version.PreRelease.Length == 0 || all.Any(one => one.NamesPreRelease)));

    private static List<Comparison> ParseAll(string part, string whole)
    {
        var comparisons = new List<Comparison>();
        // An operator may stand apart from its version.
        var words = part.Replace(",", " ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i].AsSpan().TrimStart("=!<>~^").IsEmpty && i + 1 < words.Length ? words[i] + words[++i] : words[i];
            comparisons.AddRange(Comparison.Parse(word) ?? throw EngineErrors.InvalidArgument($"\"{whole}\" is no range of versions", whole, "write it like this: >= 1.2, < 2"));
        }
        return comparisons.Count > 0 ? comparisons : throw EngineErrors.InvalidArgument($"\"{whole}\" is no range of versions", whole, "write it like this: >= 1.2, < 2");
    }

    private sealed record Comparison(string Operator, SemanticVersion Version)
    {
        internal bool NamesPreRelease => Version.PreRelease.Length > 0;

        internal bool Holds(SemanticVersion version)
        {
            var order = version.CompareTo(Version);
            return Operator switch
            {
                "=" => order == 0,
                "!=" => order != 0,
                ">" => order > 0,
                ">=" => order >= 0,
                "<" => order < 0,
                _ => order <= 0,
            };
        }

        /// <summary>Reads one word; null for none.</summary>
        internal static IReadOnlyList<Comparison>? Parse(string word)
        {
            var rest = word.TrimStart('=', '!', '<', '>', '~', '^');
            var sign = word[..^rest.Length] switch { "" or "==" => "=", "=>" => ">=", "=<" => "<=", "~>" => "~", var other => other };
            if (rest is "*" or "x" or "X")
            {
                return [new(">=", new SemanticVersion(0, 0, 0, ""))];
            }
            var core = rest.Split('-')[0].Split('.');
            var given = core.TakeWhile(part => part is not ("x" or "X" or "*")).ToArray();
            if (given.Length == 0 || SemanticVersion.TryParse(given.Length == core.Length ? rest : string.Join('.', given)) is not { } version)
            {
                return null;
            }
            // 1.2 or 1.2.x stands for all of 1.2.
            var next = Next(version, given.Length);
            return sign switch
            {
                "=" => given.Length == 3 ? [new("=", version)] : [new(">=", version), new("<", next)],
                "!=" => given.Length == 3 ? [new("!=", version)] : null,
                ">" => given.Length == 3 ? [new(">", version)] : [new(">=", next)],
                "<=" => given.Length == 3 ? [new("<=", version)] : [new("<", next)],
                ">=" or "<" => [new(sign, version)],
                "~" => [new(">=", version), new("<", Next(version, Math.Min(given.Length, 2)))],
                "^" => [new(">=", version), new("<", Compatible(version, given.Length))],
                _ => null,
            };
        }

        private static SemanticVersion Next(SemanticVersion version, int parts) => parts switch
        {
            1 => new(version.Major + 1, 0, 0, ""),
            2 => new(version.Major, version.Minor + 1, 0, ""),
            _ => new(version.Major, version.Minor, version.Patch + 1, ""),
        };

        // The leftmost part that isn't 0 may not change.
        private static SemanticVersion Compatible(SemanticVersion version, int parts) =>
            Next(version, version.Major > 0 || parts == 1 ? 1 : version.Minor > 0 || parts == 2 ? 2 : 3);
    }
}
