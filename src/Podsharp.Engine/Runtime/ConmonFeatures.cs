using System.Collections.Concurrent;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime;

/// <summary>What not every conmon from 2.1.6 on can do, as its own help tells.</summary>
internal sealed record ConmonFeatures
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, ConmonFeatures> Known = new(StringComparer.Ordinal);

    /// <summary>Whether a log that reaches its size limit is set aside (<c>--log-rotate</c>, 2.2); else it is thrown away.</summary>
    internal bool RotatesLogs { get; private init; }

    /// <summary>Looks at a conmon, once a process: only for containers that want such a thing.</summary>
    internal static ConmonFeatures Of(string path) => Known.GetOrAdd(path, static path => Parse(Help(path)));

    /// <summary>Reads conmon's help.</summary>
    internal static ConmonFeatures Parse(string help) => new() { RotatesLogs = help.Contains("--log-rotate", StringComparison.Ordinal) };

    private static string Help(string path)
    {
        try
        {
            return Programs.Run(new SpawnRequest { Path = path, Arguments = [path, "--help"], Environment = ["PATH=/usr/bin:/bin"] }, Patience).Output;
        }
        catch (Exception e) when (e is LinuxException or TimeoutException)
        {
            // The start says what is wrong with it.
            return "";
        }
    }
}
