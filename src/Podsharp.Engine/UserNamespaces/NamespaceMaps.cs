using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>The maps of a user namespace that is there already: the kernel shows them only to processes in it.</summary>
internal static class NamespaceMaps
{
    private const string Enter = "/usr/bin/nsenter";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads them.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument where the path is no user namespace.</exception>
    internal static (IReadOnlyList<IdMapping> Users, IReadOnlyList<IdMapping> Groups) Read(string path)
    {
        return (Of("uid_map"), Of("gid_map"));

        IReadOnlyList<IdMapping> Of(string file)
        {
            var outcome = Programs.Run(new SpawnRequest { Path = Enter, Arguments = [Enter, "--user=" + path, "cat", "/proc/self/" + file], Environment = ["PATH=/usr/bin:/bin"] }, Patience);
            var map = IdMapping.Parse(outcome.Output);
            return map.Count > 0 ? map
                : throw EngineErrors.InvalidArgument($"{path} is no user namespace that can be entered: {outcome.Error.Trim()}", path, "name a file such as /proc/PID/ns/user");
        }
    }
}
