namespace Podsharp.Engine.Build.Copying;

/// <summary>Patterns of file names as instructions have them (Go's path/filepath.Match): * and ? within a part, [a-z] and [^a-z], a backslash before
/// what is meant as it is.</summary>
internal static class PathPattern
{
    /// <summary>Whether it is a pattern at all.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().ContainsAny("*?[\\");

    /// <summary>The paths of a tree that match, in order.</summary>
    internal static IReadOnlyList<string> Expand(FileTree tree, string pattern)
    {
        List<string> paths = [""];
        foreach (var part in pattern.Split('/'))
        {
            var next = new List<string>();
            foreach (var path in paths)
            {
                if (!IsPattern(part))
                {
                    if (tree.TryStatus(RawPath.Join(path, part)) is not null)
                        next.Add(RawPath.Join(path, part));
                    continue;
                }
                next.AddRange(tree.List(path).Where(name => Matches(part, name)).Select(name => RawPath.Join(path, name)));
            }
            paths = next;
        }
        return paths;
    }

    /// <summary>Whether a name matches one part of a pattern.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (!pattern.IsEmpty)
        {
            switch (pattern[0])
            {
                case '*':
                    for (var skipped = 0; skipped <= name.Length; skipped++)
                    {
                        if (Matches(pattern[1..], name[skipped..]))
                            return true;
                    }
                    return false;
                case '?':
                    if (name.IsEmpty)
                        return false;
                    pattern = pattern[1..];
                    break;
                case '[':
                    if (name.IsEmpty || !TryMatchClass(ref pattern, name[0]))
                        return false;
                    break;
                case '\\' when pattern.Length > 1:
                    if (name.IsEmpty || name[0] != pattern[1])
                        return false;
                    pattern = pattern[2..];
                    break;
                default:
                    if (name.IsEmpty || name[0] != pattern[0])
                        return false;
                    pattern = pattern[1..];
                    break;
            }
            name = name[1..];
        }
        return name.IsEmpty;
    }

    private static bool TryMatchClass(ref ReadOnlySpan<char> pattern, char character)
    {
        var end = 1;
        var isNegated = end < pattern.Length && pattern[end] is '^' or '!';
        if (isNegated)
            end++;
        var isMatch = false;
        for (var first = true; end < pattern.Length && (pattern[end] != ']' || first); first = false)
        {
            var low = Take(pattern, ref end);
            var high = low;
            if (end + 1 < pattern.Length && pattern[end] == '-' && pattern[end + 1] != ']')
            {
                end++;
                high = Take(pattern, ref end);
            }
            isMatch |= low <= character && character <= high;
        }
        pattern = end < pattern.Length ? pattern[(end + 1)..] : default;
        return isMatch != isNegated;
    }

    private static char Take(ReadOnlySpan<char> pattern, ref int at)
    {
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
            at++;
        return pattern[at++];
    }
}
