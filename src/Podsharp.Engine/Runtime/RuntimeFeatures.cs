using System.Collections.Concurrent;
using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Engine.Podman;

namespace Podsharp.Engine.Runtime;

/// <summary>What not every OCI runtime can do, as it tells itself (OCI runtime-spec, features.md); older ones tell nothing.</summary>
internal sealed record RuntimeFeatures
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, RuntimeFeatures> Known = new(StringComparer.Ordinal);

    /// <summary>Whether it makes idmapped mounts.</summary>
    internal bool MapsMounts { get; private init; }

    /// <summary>Looks at a runtime, once a process: only for containers that want such a thing.</summary>
    internal static RuntimeFeatures Of(string path) => Known.GetOrAdd(path, static path => Parse(Ask(path)));

    /// <summary>Reads the answer.</summary>
    internal static RuntimeFeatures Parse(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return new() { MapsMounts = document.RootElement.Flag("linux", "mountExtensions", "idmap", "enabled") };
        }
        catch (JsonException)
        {
            return new();
        }
    }

    private static string Ask(string path)
    {
        try
        {
            return Programs.Run(new SpawnRequest { Path = path, Arguments = [path, "features"], Environment = ["PATH=/usr/bin:/bin"] }, Patience).Output;
        }
        catch (Exception e) when (e is LinuxException or TimeoutException)
        {
            // The start says what is wrong with it.
            return "";
        }
    }
}
