using System.Text;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>The patterns of a shell's variables: <c>*</c>, <c>?</c>, <c>[a-z]</c>, and a backslash before what stands for itself.</summary>
internal static class ShellPattern
{
    /// <summary>Whether the pattern matches the whole text.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        // A star takes as little as it can, and one more each time that the rest doesn't fit: only the last star is ever tried anew.
        int at = 0, inPattern = 0, starInPattern = -1, starAt = 0;
        while (at < text.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                (starInPattern, starAt) = (++inPattern, at);
            }
            else if (inPattern < pattern.Length && MatchesOne(pattern[inPattern..], text[at], out var used))
            {
                inPattern += used;
                at++;
            }
            else if (starInPattern >= 0)
            {
                (inPattern, at) = (starInPattern, ++starAt);
            }
            else
            {
                return false;
            }
        }
        return pattern[inPattern..].IndexOfAnyExcept('*') < 0;
    }

    /// <summary>The text with matches replaced, each the longest at its place: with <c>/</c> all, with <c>#</c> one at the beginning, with <c>%</c> one
    /// at the end, else the first.</summary>
    internal static string Replace(string text, string pattern, string replacement, char where)
    {
        var result = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var length = where == '#' && at > 0 ? 0 : LongestAt(text.AsSpan(at), pattern, where == '%');
            if (length == 0)
            {
                result.Append(text[at++]);
                continue;
            }
            result.Append(replacement);
            at += length;
            if (where != '/')
                break;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private static int LongestAt(ReadOnlySpan<char> text, string pattern, bool toEnd)
    {
        for (var length = text.Length; length > 0; length--)
        {
            if (Matches(pattern, text[..length]))
                return length;
            if (toEnd)
                return 0;
        }
        return 0;
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, char letter, out int used)
    {
        used = 1;
        switch (pattern[0])
        {
            case '?':
                return true;
            case '\\' when pattern.Length > 1:
                used = 2;
                return pattern[1] == letter;
            case '[' when ClassEnd(pattern) is > 0 and var end:
                used = end + 1;
                return InClass(pattern[1..end], letter);
            default:
                return pattern[0] == letter;
        }
    }

    // A bracket in the first place is a member; without an end, the opening one stands for itself.
    private static int ClassEnd(ReadOnlySpan<char> pattern)
    {
        var first = pattern.Length > 1 && pattern[1] is '!' or '^' ? 2 : 1;
        var end = pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
        return end < 0 ? -1 : first + 1 + end;
    }

    private static bool InClass(ReadOnlySpan<char> members, char letter)
    {
        var isNegated = members[0] is '!' or '^';
        members = isNegated ? members[1..] : members;
        var isMember = false;
        for (var i = 0; i < members.Length; i++)
        {
            if (i + 2 < members.Length && members[i + 1] == '-')
            {
                isMember |= letter >= members[i] && letter <= members[i + 2];
                i += 2;
            }
            else
            {
                isMember |= members[i] == letter;
            }
        }
        return isMember != isNegated;
    }
}
