using Podsharp.Model;

namespace Podsharp.Engine.Build.Copying;

/// <summary>What <c>--chmod</c> makes of a file's permissions: octal (<c>0755</c>), or in chmod(1)'s symbols (<c>u+x,go-w</c>), which podman 5.8 doesn't know.</summary>
internal sealed class ModeChange
{
    private const uint SetUserId = 0x800; // 04000
    private const uint SetGroupId = 0x400; // 02000
    private const uint Sticky = 0x200; // 01000
    private const uint Largest = 0xFFF; // 07777
    private readonly uint fixedMode;
    private readonly IReadOnlyList<Clause> clauses;

    private ModeChange(uint fixedMode, IReadOnlyList<Clause> clauses) => (this.fixedMode, this.clauses) = (fixedMode, clauses);

    /// <summary>Reads it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static ModeChange Parse(string text)
    {
        if (text.Length is > 0 and <= 5 && text.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0)
            return Convert.ToUInt32(text, 8) is <= Largest and var mode ? new(mode, []) : throw Invalid(text);
        return new(0, [.. text.Split(',').SelectMany(part => Clauses(part, text))]);
    }

    /// <summary>The permissions that a file has afterwards.</summary>
    /// <param name="mode">Those before.</param>
    /// <param name="isDirectory">For X, which is x for directories and for what somebody may execute already.</param>
    internal uint Apply(uint mode, bool isDirectory) =>
        clauses.Count == 0 ? fixedMode : clauses.Aggregate(mode, (before, clause) => clause.Apply(before, isDirectory));

    // WHO may be followed by several changes: u+r-x.
    private static IEnumerable<Clause> Clauses(string part, string text)
    {
        var who = part.TakeWhile(letter => "ugoa".Contains(letter)).ToArray();
        var rest = part.AsSpan(who.Length).ToString();
        if (rest.Length == 0)
            throw Invalid(text);
        while (rest.Length > 0)
        {
            var change = rest[0];
            var letters = rest[1..].TakeWhile(letter => letter is not ('+' or '-' or '=')).ToArray();
            if (change is not ('+' or '-' or '=') || letters.Any(letter => !"rwxXst".Contains(letter)))
                throw Invalid(text);
            yield return new(Classes(who), change, letters);
            rest = rest[(1 + letters.Length)..];
        }
    }

    private static (bool User, bool Group, bool Other) Classes(char[] who) =>
        who.Length == 0 || who.Contains('a') ? (true, true, true) : (who.Contains('u'), who.Contains('g'), who.Contains('o'));

    private static ContainerEngineException Invalid(string text) =>
        EngineErrors.InvalidArgument($"--chmod={text} is not a mode", text, "give it in octal, such as 0755, or in symbols, such as u+x,go-w");

    private sealed record Clause((bool User, bool Group, bool Other) Who, char Change, char[] Letters)
    {
        internal uint Apply(uint mode, bool isDirectory)
        {
            var bits = Letters.Aggregate(0u, (sum, letter) => sum | Bits(letter, isDirectory || (mode & 0x49 /* 0111 */) != 0));
            return Change switch
            {
                '+' => mode | bits,
                '-' => mode & ~bits,
                // A directory keeps what it hands on to its files unless that is named, as with chmod(1).
                _ => (mode & ~(Mask() & (isDirectory ? 0x1FFu : Largest))) | bits,
            };
        }

        private uint Mask() => (Who.User ? 0x1C0 | SetUserId : 0) | (Who.Group ? 0x38 | SetGroupId : 0) | (Who.Other ? 7u : 0)
            | (Who is { User: true, Group: true, Other: true } ? Sticky : 0);

        private uint Bits(char letter, bool isExecutable) => letter switch
        {
            'r' => Each(4),
            'w' => Each(2),
            'x' => Each(1),
            'X' => isExecutable ? Each(1) : 0,
            's' => (Who.User ? SetUserId : 0) | (Who.Group ? SetGroupId : 0),
            _ => Who.Other ? Sticky : 0,
        };

        private uint Each(uint bit) => (Who.User ? bit << 6 : 0) | (Who.Group ? bit << 3 : 0) | (Who.Other ? bit : 0);
    }
}
