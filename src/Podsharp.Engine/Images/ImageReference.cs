using System.Diagnostics.CodeAnalysis;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>A name of an image: <c>domain[:port]/path[:tag][@digest]</c>, by the grammar of the distribution specification's
/// reference package. Docker's short forms are made complete: <c>nginx</c> is <c>docker.io/library/nginx</c>.</summary>
internal sealed record ImageReference
{
    internal const string DockerDomain = "docker.io";
    private const string OfficialPath = "library/";
    private const int MaximumNameLength = 255;

    /// <summary>Registry's host, with its port where one was given.</summary>
    public required string Domain { get; init; }

    /// <summary>Path of the repository at that registry.</summary>
    public required string Path { get; init; }

    /// <summary>Tag, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Digest, or null.</summary>
    public string? Digest { get; init; }

    /// <summary>The repository: domain and path.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <summary>The name under which the store keeps the image. Where there is a digest it decides, and a tag is dropped.</summary>
    public string StoredName => Digest is null ? $"{Repository}:{Tag ?? "latest"}" : $"{Repository}@{Digest}";

    /// <summary>Tag or digest as the distribution protocol wants it.</summary>
    public string ManifestKey => Digest ?? Tag ?? "latest";

    /// <summary>The repository as Docker shows it: without <c>docker.io/</c> and <c>library/</c>.</summary>
    public string FamiliarRepository => Domain != DockerDomain ? Repository
        : Path.StartsWith(OfficialPath, StringComparison.Ordinal) && !Path.AsSpan(OfficialPath.Length).Contains('/') ? Path[OfficialPath.Length..]
        : Path;

    /// <summary>The name with everything that was given.</summary>
    public override string ToString() => Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>The same with the tag <c>latest</c> where there is neither tag nor digest.</summary>
    internal ImageReference WithDefaultTag() => Tag is null && Digest is null ? this with { Tag = "latest" } : this;

    /// <summary>Reads a reference; a transport <c>docker://</c> before it is taken off.</summary>
    /// <exception cref="ContainerEngineException">It is none (<c>InvalidReference</c>), and why.</exception>
    internal static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var problem) ? reference : throw Invalid(text, problem);

    /// <summary>The error for a malformed reference.</summary>
    internal static ContainerEngineException Invalid(string text, string problem) => new(ErrorKind.InvalidArgument,
        "InvalidReference", $"\"{text}\" is not a valid image name: {problem}", text,
        "write it as [registry[:port]/]name[:tag] or name@sha256:digest, in lower case");

    /// <summary>Reads a reference.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="problem">Why it is none.</param>
    internal static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? problem)
    {
        reference = null;
        text = StripTransport(text);
        var (name, tag, digest) = Split(text);
        var (domain, path) = SplitDomain(name);
        problem = ReferenceGrammar.Check(domain, path, tag, digest);
        if (problem is null && domain.Length + path.Length + 1 > MaximumNameLength)
        {
            problem = $"the name is longer than {MaximumNameLength} characters";
        }
        if (problem is null && path.Length == 64 && domain == DockerDomain && !name.Contains('/') && !path.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            problem = "64 hexadecimal characters are an image ID, not a name";
        }
        if (problem is not null)
        {
            return false;
        }
        if (domain == DockerDomain && !path.Contains('/'))
        {
            path = OfficialPath + path;
        }
        reference = new ImageReference { Domain = domain, Path = path, Tag = tag, Digest = digest };
        return true;
    }

    /// <summary>Whether a name has no registry of its own (<c>nginx</c>, <c>library/nginx</c>): see <see cref="ShortNames"/>.</summary>
    internal static bool IsShort(string text) => !HasDomain(Split(StripTransport(text)).Name);

    /// <summary>Takes <c>docker://</c> off.</summary>
    internal static string StripTransport(string text) =>
        text.StartsWith("docker://", StringComparison.Ordinal) ? text["docker://".Length..] : text;

    /// <summary>Splits name, tag and digest; nothing is checked.</summary>
    internal static (string Name, string? Tag, string? Digest) Split(string text)
    {
        string? digest = null;
        var at = text.IndexOf('@');
        if (at >= 0)
        {
            digest = text[(at + 1)..];
            text = text[..at];
        }
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf('/') ? (text[..colon], text[(colon + 1)..], digest) : (text, null, digest);
    }

    private static (string Domain, string Path) SplitDomain(string name)
    {
        if (!HasDomain(name))
        {
            return (DockerDomain, name);
        }
        var slash = name.IndexOf('/');
        var domain = name[..slash];
        return (domain == "index.docker.io" ? DockerDomain : domain, name[(slash + 1)..]);
    }

    /// <summary>The first part is a registry where it looks like a host: it has a dot or a port, is <c>localhost</c>, or has upper
    /// case letters, which no repository may have.</summary>
    private static bool HasDomain(string name)
    {
        var slash = name.IndexOf('/');
        if (slash < 0)
        {
            return false;
        }
        var first = name.AsSpan(0, slash);
        return first.ContainsAny(".:") || first is "localhost" || first.ContainsAnyInRange('A', 'Z');
    }
}
