namespace Podsharp.Engine.Build.Syntax;

/// <summary>How near two words are.</summary>
internal static class Similarity
{
    /// <summary>The least number of letters to change, add or take away (Levenshtein).</summary>
    internal static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var change = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], diagonal) + 1);
            }
        }
        return row[^1];
    }
}
