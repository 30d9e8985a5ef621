using System.Text;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Containerfile instructions given on the command line (podman-import(1), <c>--change</c>), applied to an image's
/// configuration. Name and value are separated by a space or by <c>=</c>.</summary>
internal sealed class ImageChanges
{
    private readonly List<string> _environment = [];
    private readonly SortedSet<string> _ports = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _volumes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly List<string> _onBuild = [];
    private IReadOnlyList<string>? _command;
    private IReadOnlyList<string>? _entryPoint;
    private string? _user;
    private string? _workingDirectory;
    private string? _stopSignal;

    /// <summary>Reads the instructions.</summary>
    /// <exception cref="ContainerEngineException">One is unknown or malformed (<c>InvalidChange</c>).</exception>
    internal static ImageChanges Parse(IEnumerable<string> changes)
    {
        var parsed = new ImageChanges();
        foreach (var change in changes)
        {
            parsed.Apply(change);
        }
        return parsed;
    }

    /// <summary>What a container made from the image gets.</summary>
    internal ImageConfigSection ToSection() => new()
    {
        User = _user,
        Env = _environment.Count > 0 ? _environment : null,
        Entrypoint = _entryPoint,
        Cmd = _command,
        WorkingDir = _workingDirectory,
        StopSignal = _stopSignal,
        Volumes = _volumes.Count > 0 ? [.. _volumes] : null,
        ExposedPorts = _ports.Count > 0 ? [.. _ports] : null,
        Labels = _labels.Count > 0 ? new Dictionary<string, string>(_labels) : null,
        OnBuild = _onBuild.Count > 0 ? _onBuild : null,
    };

    private void Apply(string change)
    {
        var text = change.Trim();
        var end = text.AsSpan().IndexOfAny(' ', '=', '\t');
        var value = end < 0 ? "" : text[(end + 1)..].Trim();
        if (value.Length == 0)
        {
            throw Invalid(change, "it has no value");
        }
        switch (text[..end].ToUpperInvariant())
        {
            case "CMD": _command = Arguments(value, change); break;
            case "ENTRYPOINT": _entryPoint = Arguments(value, change); break;
            case "ENV": Pairs(value, change, SetEnvironment); break;
            case "LABEL": Pairs(value, change, (name, text) => _labels[name] = text); break;
            case "EXPOSE": _ports.UnionWith(Words(value, change).Select(port => Port(port, change))); break;
            case "VOLUME": _volumes.UnionWith(value.StartsWith('[') ? Arguments(value, change) : Words(value, change)); break;
            case "USER": _user = value; break;
            case "WORKDIR": _workingDirectory = WorkingDirectory(value); break;
            case "STOPSIGNAL": _stopSignal = value; break;
            case "ONBUILD": _onBuild.Add(value); break;
            default: throw Invalid(change, "the instruction is not known");
        }
    }

    private string WorkingDirectory(string value) => value.StartsWith('/') ? value : Path.Combine(_workingDirectory ?? "/", value);

    private void SetEnvironment(string name, string value)
    {
        _environment.RemoveAll(entry => entry.StartsWith(name + "=", StringComparison.Ordinal));
        _environment.Add($"{name}={value}");
    }

    /// <summary>The exec form is a JSON array; anything else is for the shell.</summary>
    private static List<string> Arguments(string value, string change)
    {
        if (!value.StartsWith('['))
        {
            return ["/bin/sh", "-c", value];
        }
        try
        {
            using var document = JsonDocument.Parse(value);
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetString() ?? throw new JsonException())];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Invalid(change, "the list must be JSON: [\"program\", \"argument\"]");
        }
    }

    private static string Port(string text, string change)
    {
        var parts = text.Split('/');
        var range = parts[0].Split('-');
        var isValid = parts.Length <= 2 && range.Length <= 2 && range.All(port => ushort.TryParse(port, out _)) &&
            (parts.Length == 1 || parts[1] is "tcp" or "udp" or "sctp");
        return !isValid ? throw Invalid(change, $"\"{text}\" is not a port such as 80 or 53/udp")
            : parts.Length == 1 ? text + "/tcp" : text;
    }

    /// <summary>NAME=value pairs, or one name and the rest of the line.</summary>
    private static void Pairs(string value, string change, Action<string, string> set)
    {
        var words = Words(value, change);
        if (!words[0].Contains('='))
        {
            var name = words[0];
            set(name, words.Count > 1 ? value[name.Length..].Trim() : throw Invalid(change, $"\"{name}\" has no value"));
            return;
        }
        foreach (var word in words)
        {
            var equals = word.IndexOf('=');
            if (equals <= 0)
            {
                throw Invalid(change, $"\"{word}\" is not NAME=value");
            }
            set(word[..equals], word[(equals + 1)..]);
        }
    }

    /// <summary>Words separated by spaces; quotes and backslashes keep spaces.</summary>
    private static List<string> Words(string text, string change)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '"' or '\'')
            {
                (quote, isWord) = (c, true);
            }
            else if (quote == '\0' && c is ' ' or '\t')
            {
                Flush();
            }
            else
            {
                word.Append(c);
            }
        }
        if (quote != '\0')
        {
            throw Invalid(change, "a quote is not closed");
        }
        Flush();
        return words.Count > 0 ? words : throw Invalid(change, "it has no value");

        void Flush()
        {
            if (word.Length > 0 || isWord)
            {
                words.Add(word.ToString());
            }
            word.Clear();
            isWord = false;
        }
    }

    private static ContainerEngineException Invalid(string change, string problem) => new(ErrorKind.InvalidArgument, "InvalidChange",
        $"the change \"{change}\" is not valid: {problem}", change,
        "there are CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME and WORKDIR, for example CMD=[\"/bin/sh\"]");
}
