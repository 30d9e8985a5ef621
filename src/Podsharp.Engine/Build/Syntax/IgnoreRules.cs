using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>The rules of a <c>.containerignore</c> or <c>.dockerignore</c> file (Dockerfile reference, ".dockerignore file"): the last one that a path,
/// or a directory above it, matches decides.</summary>
internal sealed class IgnoreRules
{
    private readonly IReadOnlyList<Rule> _rules;

    private IgnoreRules(IReadOnlyList<Rule> rules) => _rules = rules;

    private sealed record Rule(bool Includes, PathPattern Pattern);

    /// <summary>Rules that leave nothing out.</summary>
    internal static IgnoreRules None { get; } = new([]);

    /// <summary>Reads the rules, one a line: comments begin with <c>#</c>, exceptions with <c>!</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidIgnoreRule: an exception of nothing.</exception>
    internal static IgnoreRules Parse(string text) => FromPatterns(text.TrimStart('\uFEFF').Split('\n').Where(line => !line.StartsWith('#')));

    /// <summary>Rules of single patterns, as <c>COPY --exclude</c> has them.</summary>
    /// <exception cref="ContainerEngineException">InvalidIgnoreRule.</exception>
    internal static IgnoreRules FromPatterns(IEnumerable<string> patterns)
    {
        var rules = new List<Rule>();
        foreach (var line in patterns)
        {
            var pattern = line.Trim();
            var includes = pattern.StartsWith('!');
            pattern = includes ? pattern[1..].Trim() : pattern;
            if (includes && pattern.Length == 0)
                throw new ContainerEngineException(ErrorKind.InvalidArgument, "InvalidIgnoreRule", "a rule of the ignore file is nothing but \"!\"", line,
                    "write what is not to be ignored behind it");
            if (PathPattern.Parse(pattern) is { } path)
                rules.Add(new(includes, path));
        }
        return rules.Count > 0 ? new(rules) : None;
    }

    /// <summary>Whether a path is left out.</summary>
    /// <param name="relativePath">From the context's top, without a slash at its ends.</param>
    internal bool IsIgnored(string relativePath) => LastMatch(relativePath) is { } last && !_rules[last].Includes;

    /// <summary>Whether something in a directory that is left out may be wanted after all: otherwise it can be passed over as a whole.</summary>
    /// <param name="directory">From the context's top, without a slash at its ends.</param>
    internal bool MayContainIncluded(string directory)
    {
        for (var i = (LastMatch(directory) ?? -1) + 1; i < _rules.Count; i++)
        {
            if (_rules[i].Includes && _rules[i].Pattern.MayMatchBelow(directory))
                return true;
        }
        return false;
    }

    private int? LastMatch(string path)
    {
        for (var i = _rules.Count - 1; i >= 0; i--)
        {
            if (_rules[i].Pattern.MatchesPathOrParent(path))
                return i;
        }
        return null;
    }
}
