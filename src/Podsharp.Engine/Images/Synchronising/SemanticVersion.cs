using System.Globalization;

namespace Podsharp.Engine.Images.Synchronising;

/// <summary>A version (semver.org, 2.0.0), with the liberties that tags take: a <c>v</c> before it, parts left out.</summary>
internal sealed record SemanticVersion(long Major, long Minor, long Patch, string PreRelease) : IComparable<SemanticVersion>
{
    /// <summary>Reads a version; null for what is none.</summary>
    internal static SemanticVersion? TryParse(string text)
    {
        var plain = text.StartsWith('v') ? text[1..] : text;
        plain = plain.Split('+')[0];
        var dash = plain.IndexOf('-');
        var (core, pre) = dash < 0 ? (plain, "") : (plain[..dash], plain[(dash + 1)..]);
        var parts = core.Split('.');
        var numbers = new long[3];
        if (parts.Length > 3 || (dash >= 0 && pre.Length == 0))
        {
            return null;
        }
        for (var i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }
        return new SemanticVersion(numbers[0], numbers[1], numbers[2], pre);
    }

    /// <inheritdoc/>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return order != 0 ? order : (PreRelease.Length, other.PreRelease.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => ComparePreReleases(PreRelease.Split('.'), other.PreRelease.Split('.')),
        };
    }

    private static int ComparePreReleases(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var isNumber = long.TryParse(a[i], NumberStyles.None, CultureInfo.InvariantCulture, out var x);
            var order = long.TryParse(b[i], NumberStyles.None, CultureInfo.InvariantCulture, out var y)
                ? isNumber ? x.CompareTo(y) : 1
                : isNumber ? -1 : string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }
        return a.Length.CompareTo(b.Length);
    }
}
