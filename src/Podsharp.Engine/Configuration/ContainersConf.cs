using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>containers.conf(5), merged from all its files, with podman's defaults for what they leave out. A null or an empty
/// text means: not configured, the engine chooses.</summary>
internal sealed record ContainersConf
{
    /// <summary>The table <c>[containers]</c>.</summary>
    public ContainerDefaults Containers { get; init; } = new();

    /// <summary>The table <c>[engine]</c>.</summary>
    public EngineDefaults Engine { get; init; } = new();

    /// <summary>The table <c>[network]</c>.</summary>
    public NetworkDefaults Network { get; init; } = new();

    /// <summary>The table <c>[secrets]</c>.</summary>
    public SecretDefaults Secrets { get; init; } = new();

    /// <summary>The files that were read, in order; a later one wins.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Reads all files that apply in this environment.</summary>
    /// <exception cref="ContainerEngineException">A file is malformed, or one that the environment names is absent.</exception>
    internal static ContainersConf Load(ConfigurationEnvironment environment)
    {
        var merged = new ContainersConfMerge();
        foreach (var path in ContainersConfFiles.Find(environment))
        {
            merged.Apply(path);
        }
        return merged.ToConfiguration();
    }
}
