using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>The words of <c>--userns</c>: host, private, nomap, auto[:OPTIONS], keep-id[:OPTIONS], ns:PATH, container:NAME.</summary>
internal sealed record UserNamespaceRequest
{
    /// <summary>The word before the colon; empty for none.</summary>
    internal string Mode { get; init; } = "";
    /// <summary>What is behind ns: and container:.</summary>
    internal string Target { get; init; } = "";
    /// <summary>How many ids (auto, keep-id); null for as many as are needed, or there are.</summary>
    internal uint? Size { get; init; }
    /// <summary>The user's id in the container (keep-id).</summary>
    internal uint? UserId { get; init; }
    /// <summary>The group's id in the container (keep-id).</summary>
    internal uint? GroupId { get; init; }
    /// <summary>Further mappings of users (auto), as in <c>--uidmap</c>.</summary>
    internal IReadOnlyList<string> UserMap { get; init; } = [];
    /// <summary>Further mappings of groups (auto).</summary>
    internal IReadOnlyList<string> GroupMap { get; init; } = [];

    /// <summary>Reads the words.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static UserNamespaceRequest Parse(string text)
    {
        var split = text.IndexOf(':', StringComparison.Ordinal);
        var (mode, rest) = split < 0 ? (text, "") : (text[..split], text[(split + 1)..]);
        return mode switch
        {
            "ns" or "container" when rest.Length > 0 => new() { Mode = mode, Target = rest },
            "" or "host" or "private" or "nomap" when split < 0 => new() { Mode = mode },
            "auto" or "keep-id" => Options(new() { Mode = mode }, rest),
            _ => throw EngineErrors.InvalidArgument($"unrecognized namespace mode {text} passed", text, "use host, auto, keep-id, nomap, private, ns:PATH or container:NAME"),
        };
    }

    private static UserNamespaceRequest Options(UserNamespaceRequest request, string text)
    {
        foreach (var option in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = option.Split('=', 2) is [var left, var right] ? (left, right) : (option, "");
            request = (request.Mode, name) switch
            {
                (_, "size") => request with { Size = Number(value, option) },
                ("auto", "uidmapping") => request with { UserMap = [.. request.UserMap, value] },
                ("auto", "gidmapping") => request with { GroupMap = [.. request.GroupMap, value] },
                ("keep-id", "uid") => request with { UserId = Number(value, option) },
                ("keep-id", "gid") => request with { GroupId = Number(value, option) },
                _ => throw EngineErrors.InvalidArgument($"unknown option specified: \"{option}\"", option,
                    request.Mode == "auto" ? "use size=, uidmapping= or gidmapping=" : "use uid=, gid= or size="),
            };
        }
        return request;
    }

    private static uint Number(string text, string option) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw EngineErrors.InvalidArgument($"\"{text}\" is not a number in {option}", option, "give a number");
}
