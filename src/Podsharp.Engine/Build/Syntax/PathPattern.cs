namespace Podsharp.Engine.Build.Syntax;

/// <summary>A pattern of paths: stars, question marks and classes stay within a name, <c>**</c> stands for any number of names.</summary>
internal sealed class PathPattern
{
    private readonly string[] _names;

    private PathPattern(string[] names) => _names = names;

    /// <summary>Reads a pattern; null for one that names nothing. It begins at the top, with a slash or without.</summary>
    internal static PathPattern? Parse(string pattern)
    {
        var names = new List<string>();
        foreach (var name in pattern.Split('/'))
        {
            if (name is "" or ".")
                continue;
            if (name == ".." && names.Count > 0)
                names.RemoveAt(names.Count - 1);
            else if (name == ".." && !pattern.StartsWith('/'))
                return null;
            else if (name != "..")
                Add(names, name);
        }
        return names.Count > 0 ? new([.. names]) : null;
    }

    // Stars at the beginning of a name stand for directories before it: **.txt is **/.txt to every reader of such files.
    private static void Add(List<string> names, string name)
    {
        if (name.StartsWith("**", StringComparison.Ordinal))
        {
            if (names.Count == 0 || names[^1] != "**")
                names.Add("**");
            name = name[2..];
        }
        if (name.Length > 0)
            names.Add(name);
    }

    /// <summary>Whether the pattern matches the path or a directory above it.</summary>
    internal bool MatchesPathOrParent(string path)
    {
        var names = path.Split('/');
        for (var length = 1; length <= names.Length; length++)
        {
            if (Matches(_names, names.AsSpan(0, length)))
                return true;
        }
        return false;
    }

    /// <summary>Whether the pattern may match something below a directory.</summary>
    internal bool MayMatchBelow(string directory)
    {
        var names = directory.Split('/');
        for (var i = 0; i < names.Length; i++)
        {
            if (i >= _names.Length)
                return false;
            if (_names[i] == "**")
                return true;
            if (!ShellPattern.Matches(_names[i], names[i]))
                return false;
        }
        return _names.Length > names.Length;
    }

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> names)
    {
        if (pattern.IsEmpty)
            return names.IsEmpty;
        if (pattern[0] == "**")
        {
            // At the end it stands for something, in between for nothing too.
            for (var taken = pattern.Length == 1 ? 1 : 0; taken <= names.Length; taken++)
            {
                if (Matches(pattern[1..], names[taken..]))
                    return true;
            }
            return false;
        }
        return !names.IsEmpty && ShellPattern.Matches(pattern[0], names[0]) && Matches(pattern[1..], names[1..]);
    }
}
