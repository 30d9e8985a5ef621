namespace Podsharp.Engine.Images;

/// <summary>The grammar of image names, from the reference package of the distribution project. By hand rather than by regular
/// expressions: a list of thousands of images reads thousands of names.</summary>
internal static class ReferenceGrammar
{
    /// <summary>What is wrong with the parts of a reference; null when nothing is.</summary>
    internal static string? Check(string domain, string path, string? tag, string? digest) =>
        CheckDomain(domain) ?? CheckPath(path) ?? (tag is null ? null : CheckTag(tag)) ?? CheckDigest(digest);

    private static string? CheckDigest(string? digest) => digest is null || ContentDigest.TryParse(digest, out _) ? null
        : $"\"{digest}\" is not a digest";

    private static string? CheckTag(string tag) => tag switch
    {
        "" => "the tag after the colon is missing",
        { Length: > 128 } => "the tag is longer than 128 characters",
        _ when !(char.IsAsciiLetterOrDigit(tag[0]) || tag[0] == '_') => $"the tag \"{tag}\" must start with a letter, a digit or _",
        _ when !tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') =>
            $"the tag \"{tag}\" may have only letters, digits, _, . and -",
        _ => null,
    };

    private static string? CheckDomain(string domain)
    {
        var host = domain;
        var colon = domain.LastIndexOf(':');
        if (colon >= 0 && !domain.EndsWith(']'))
        {
            host = domain[..colon];
            var port = domain.AsSpan(colon + 1);
            if (port.IsEmpty || port.ContainsAnyExceptInRange('0', '9'))
            {
                return $"\"{domain}\" has no valid port number";
            }
        }
        return host.StartsWith('[')
            ? System.Net.IPAddress.TryParse(host.Trim('[', ']'), out _) ? null : $"\"{host}\" is not an IPv6 address"
            : host.Split('.').All(IsDomainPart) ? null : $"\"{domain}\" is not a valid registry";
    }

    private static bool IsDomainPart(string part) => part.Length > 0 && part[0] != '-' && part[^1] != '-' &&
        part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string? CheckPath(string path)
    {
        if (path.Length == 0)
        {
            return "the name is empty";
        }
        if (path.AsSpan().ContainsAnyInRange('A', 'Z'))
        {
            return "a repository's name must be lower case";
        }
        return path.Split('/').All(IsPathPart) ? null
            : $"\"{path}\" must be made of lower-case letters and digits, separated by /, ., _, __ or dashes";
    }

    /// <summary>Runs of letters and digits, separated by one dot, one or two underscores, or dashes.</summary>
    private static bool IsPathPart(string part)
    {
        for (var i = 0; i < part.Length;)
        {
            var run = RunLength(part, i, char.IsAsciiLetterOrDigit);
            if (run == 0)
            {
                return false;
            }
            i += run;
            if (i == part.Length)
            {
                return true;
            }
            var separator = part[i];
            var length = RunLength(part, i, c => c == separator);
            if (separator switch { '.' => length != 1, '_' => length > 2, '-' => false, _ => true })
            {
                return false;
            }
            i += length;
        }
        return false;
    }

    private static int RunLength(string text, int start, Func<char, bool> matches)
    {
        var end = start;
        while (end < text.Length && matches(text[end]))
        {
            end++;
        }
        return end - start;
    }
}
