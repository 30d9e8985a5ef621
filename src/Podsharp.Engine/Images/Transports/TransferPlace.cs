using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>One end of a transfer.</summary>
/// <param name="User">The user; null for the one that the host or ssh's configuration says.</param>
/// <param name="Host">The host; null for this engine's store.</param>
/// <param name="Name">The image's name; empty for the one that it has.</param>
internal sealed record TransferPlace(string? User, string? Host, string Name)
{
    private const string Separator = "::";

    /// <summary>Whether it is another user of this host, rather than another host.</summary>
    internal bool IsLocal => Host == "localhost";

    /// <inheritdoc/>
    public override string ToString() => Host is null ? Name : $"{(User is null ? "" : User + "@")}{Host}{Separator}{Name}";

    /// <summary>Reads <c>[[USER@]HOST::]NAME</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be understood.</exception>
    internal static TransferPlace Parse(string text)
    {
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0)
        {
            return new(null, null, text);
        }
        var (where, name) = (text[..end], text[(end + Separator.Length)..]);
        var at = where.LastIndexOf('@');
        var (user, host) = at < 0 ? (null, where) : (where[..at], where[(at + 1)..]);
        // ssh would take a host that begins like an option for one; a space begins another word.
        if (host.Length == 0 || user is "" || where.StartsWith('-') || host.StartsWith('-') || where.AsSpan().ContainsAny(" \t\n'\"\\") || name.Contains(Separator, StringComparison.Ordinal))
        {
            throw EngineErrors.InvalidArgument($"\"{text}\" names no host", text, "write [USER@]HOST::[NAME]");
        }
        return name.Length == 0 || ImageReference.TryParse(name, out _, out _) || !name.AsSpan().ContainsAnyExcept("0123456789abcdef:sha") ? new(user, host, name)
            : throw ImageReference.Invalid(name, "a name has neither spaces nor upper case letters");
    }
}
