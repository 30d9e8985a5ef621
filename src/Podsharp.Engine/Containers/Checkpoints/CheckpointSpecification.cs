using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Engine.Podman;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>The OCI specification that a container ran by, as a checkpoint's archive has it. podman runs the restored container by it, but for the mounts that it
/// makes for each container (/etc/hosts and the like) and the network's namespace.</summary>
internal static class CheckpointSpecification
{
    private const string PodmanAnnotations = "io.podman.annotations.";
    private const string SandboxAnnotation = "io.kubernetes.cri-o.SandboxID";

    /// <summary>The specification with what podman needs in it: its volumes' and secrets' places, and the marks by which it knows some options.</summary>
    /// <param name="record">The container.</param>
    /// <param name="specification">The bundle's config.json.</param>
    /// <param name="host">What podman has here.</param>
    internal static byte[] Write(ContainerRecord record, ReadOnlyMemory<byte> specification, PodmanHost host)
    {
        var root = JsonNode.Parse(specification.Span)!.AsObject();
        Annotate(root, record.Config);
        WithoutSecrets(root, record.Config);
        if (root["mounts"] is JsonArray mounts)
            Place(mounts, record, host);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>The mounts' options, by their targets.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> MountOptions(ReadOnlyMemory<byte> specification)
    {
        var options = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var mount in JsonNode.Parse(specification.Span)!["mounts"]?.AsArray() ?? [])
            options[Text(mount!, "destination")] = [.. mount!["options"]?.AsArray().Select(option => (string)option!) ?? []];
        return options;
    }

    private static void Annotate(JsonObject root, ContainerConfig config)
    {
        if (root["annotations"] is not JsonObject annotations)
            root["annotations"] = annotations = [];
        if (config.Spec.AutoRemove)
            annotations[PodmanAnnotations + "autoremove"] = "TRUE";
        if (config.Spec.Init)
            annotations[PodmanAnnotations + "init"] = "TRUE";
        if (config.Spec.Privileged)
            annotations[PodmanAnnotations + "privileged"] = "TRUE";
        if (config.InfraId.Length > 0)
            annotations[SandboxAnnotation] = config.InfraId;
    }

    // The processes have them in their memory; nobody needs them in a text.
    private static void WithoutSecrets(JsonObject root, ContainerConfig config)
    {
        var names = config.Spec.Secrets.Where(use => use.IsVariable).Select(use => (use.Target.Length > 0 ? use.Target : use.Secret) + "=").ToList();
        if (names.Count > 0 && root["process"]?["env"] is JsonArray variables)
            variables.RemoveAll(variable => names.Exists(name => ((string)variable!).StartsWith(name, StringComparison.Ordinal)));
    }

    // What the engine has made for this run podman makes for its own; what podman takes from here as it is must be where podman has it.
    private static void Place(JsonArray mounts, ContainerRecord record, PodmanHost host)
    {
        var own = $"/overlay-containers/{record.Id}/userdata/";
        var infra = record.Config.InfraId.Length > 0 ? $"/overlay-containers/{record.Config.InfraId}/userdata/" : own;
        var volumes = record.Config.Mounts.Where(mount => mount.Type == MountType.Volume).ToDictionary(mount => mount.Target, mount => mount.Source, StringComparer.Ordinal);
        var secrets = record.Config.Spec.Secrets.Where(use => !use.IsVariable).ToList();
        foreach (var mount in mounts.Select(mount => mount!.AsObject()).ToList())
        {
            var source = Text(mount, "source");
            if (volumes.TryGetValue(Text(mount, "destination"), out var volume))
                mount["source"] = VolumePlace(source, volume, host);
            else if (SecretPlace(source, own, secrets) is { } secret)
                mount["source"] = secret;
            else if (source.Contains(own, StringComparison.Ordinal) || source.Contains(infra, StringComparison.Ordinal))
                mounts.Remove(mount);
        }
    }

    // A volume that its driver mounts is elsewhere, for podman, too.
    private static string VolumePlace(string source, string volume, PodmanHost host) =>
        source.IndexOf($"/{volume}/_data", StringComparison.Ordinal) is >= 0 and var index ? host.VolumeDirectory + source[index..] : source;

    // Ours are numbered, podman's named.
    private static string? SecretPlace(string source, string own, List<SecretUse> secrets)
    {
        var index = source.IndexOf(own + "secrets/", StringComparison.Ordinal);
        if (index < 0)
            return null;
        var directory = source[..(index + own.Length)] + "secrets/";
        return int.TryParse(source[directory.Length..], out var number) && number < secrets.Count ? directory + secrets[number].Secret : null;
    }

    private static string Text(JsonNode node, string name) => (string?)node[name] ?? "";
}
