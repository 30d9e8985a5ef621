using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Lists;

/// <summary>Reads manifests and configurations at registries; nothing of it is stored.</summary>
internal sealed class RegistryReader(ConfigurationEnvironment environment, ContainersConf configuration, RegistryOptions options)
{
    private readonly RegistryAccess _access = new(environment, configuration, RegistriesConf.Load(environment));

    /// <summary>Reads what a name stands for, at the first place that has it.</summary>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network, DataCorrupt; the policy doesn't allow it.</exception>
    internal async Task<RegistryManifest> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var policy = SignaturePolicy.Load(environment);
        var errors = new List<ContainerEngineException>();
        foreach (var candidate in ShortNames.PullCandidates(name, _access.Registries))
        {
            policy?.Check(candidate);
            try
            {
                return await ReadAsync(candidate, cancellationToken);
            }
            catch (ContainerEngineException error)
            {
                errors.Add(error);
            }
        }
        throw errors.Count == 1 ? errors[0] : new ContainerEngineException(errors[^1].Kind, errors[^1].ErrorId,
            $"{name} could not be read at any of {errors.Count} places: {string.Join("; ", errors.Select(error => error.Reason))}", name, errors[^1].Remedy, errors[^1]);
    }

    private async Task<RegistryManifest> ReadAsync(ImageReference name, CancellationToken cancellationToken)
    {
        await using var origin = await RegistryOrigin.OpenAsync(_access, name, options, static _ => { }, cancellationToken);
        var answer = await origin.ReadManifestAsync(null, cancellationToken);
        var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, name.ToString());
        if (manifest.IsIndex || !MediaTypes.IsConfig(manifest.Config!.MediaType))
        {
            return new(name, manifest, null);
        }
        manifest.CheckImage(name.ToString());
        return new(name, manifest, ImageConfigFile.Parse(await origin.ReadBlobAsync(manifest.Config, "configuration", cancellationToken), name.ToString()));
    }
}

/// <summary>What a name stands for at a registry.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Manifest">The manifest or list.</param>
/// <param name="Config">An image's configuration; null for lists and artifacts.</param>
internal sealed record RegistryManifest(ImageReference Name, ImageManifest Manifest, ImageConfigFile? Config);
