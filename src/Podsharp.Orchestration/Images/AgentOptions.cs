using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Reads --ssh of a build: <c>NAME</c> (the caller's agent), <c>NAME=SOCKET</c>, or <c>NAME=KEY[,KEY...]</c>.</summary>
internal static class AgentOptions
{
    /// <summary>The sockets of agents, by id.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static Dictionary<string, string> Sockets(IReadOnlyList<string> words, CallerContext caller) => Parse(words, caller)
        .Where(agent => agent.Paths is [var path] && !IsKey(path)).ToDictionary(agent => agent.Name, agent => agent.Paths[0], StringComparer.Ordinal);

    /// <summary>The files of keys, by id.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static Dictionary<string, IReadOnlyList<string>> Keys(IReadOnlyList<string> words, CallerContext caller) => Parse(words, caller)
        .Where(agent => agent.Paths.Count > 1 || IsKey(agent.Paths[0])).ToDictionary(agent => agent.Name, agent => agent.Paths, StringComparer.Ordinal);

    private static IEnumerable<(string Name, IReadOnlyList<string> Paths)> Parse(IReadOnlyList<string> words, CallerContext caller) =>
        words.Select(word => Parse(word, caller)).GroupBy(agent => agent.Name, StringComparer.Ordinal).Select(group => group.Last());

    private static (string Name, IReadOnlyList<string> Paths) Parse(string word, CallerContext caller)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return caller.Environment.GetValueOrDefault("SSH_AUTH_SOCK") is { Length: > 0 } own ? (word, [own])
                : throw EngineErrors.InvalidArgument($"there is no key agent for --ssh {word}: SSH_AUTH_SOCK is not set", word, "start ssh-agent, or name its socket or files of keys: NAME=PATH");
        }
        string[] paths = [.. word[(equals + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(caller.Resolve)];
        if (paths.Length == 0)
            throw EngineErrors.InvalidArgument($"--ssh {word} names nothing", word, "name the socket of an agent, or files of keys: NAME=PATH");
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
            throw EngineErrors.InvalidArgument($"there is no {missing}, which --ssh {word} names", missing, "name the socket of an agent, or files of keys: NAME=PATH");
        return paths.Length == 1 || Array.TrueForAll(paths, IsKey) ? (word[..equals], paths)
            : throw EngineErrors.InvalidArgument($"--ssh {word} names a socket beside others", word, "name one socket, or files of keys");
    }

    // A socket has no content.
    private static bool IsKey(string path) => File.Exists(path) && new FileInfo(path).Length > 0;
}
