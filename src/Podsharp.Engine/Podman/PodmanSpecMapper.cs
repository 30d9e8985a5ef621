using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

/// <summary>Turns podman's configuration of a container (libpod's ContainerConfig with its OCI spec) into a specification of ours.</summary>
/// <remarks>podman keeps what it made of the caller's wishes, not the wishes: what it adds to every container by itself is recognised and left out,
/// so that our own defaults take its place. What has no counterpart here is told in a warning of its own.</remarks>
/// <param name="config">podman's JSON.</param>
/// <param name="image">The image's configuration.</param>
/// <param name="conf">containers.conf, which both read.</param>
internal sealed partial class PodmanSpecMapper(JsonElement config, ImageConfig image, ContainersConf conf)
{
    private const string Annotations = "io.podman.annotations.";

    private readonly List<string> warnings = [];

    /// <summary>The container itself comes here, with its files, volumes and processes; otherwise one like it is made.</summary>
    internal bool Moves { get; init; }

    /// <summary>What couldn't be carried over.</summary>
    internal IReadOnlyList<string> Warnings => warnings;

    private string Id => config.Text("id");

    private string ShortId => Id[..Math.Min(12, Id.Length)];

    /// <summary>The specification, without name and image.</summary>
    /// <param name="networks">Names of networks that containers of ours can join.</param>
    /// <param name="containerOf">The name here of the container with an id of podman's; null: there is none.</param>
    internal ContainerSpec Map(IReadOnlySet<string> networks, Func<string, string?> containerOf)
    {
        var spec = Namespaces(Process(new ContainerSpec()), containerOf);
        spec = Devices(Limits(Security(Network(Users(spec, containerOf), networks)))) with { Mounts = Mounts(), Health = Health(), Requires = [.. Required(containerOf)] };
        spec = Logging(spec) with
        {
            Labels = Without(config.Map("labels"), image.Labels),
            Annotations = OwnAnnotations(),
            AutoRemove = config.Text("spec", "annotations", Annotations + "autoremove") == "TRUE",
            Init = config.Text("spec", "annotations", Annotations + "init") == "TRUE",
            CreateCommand = config.Texts("CreateCommand"),
            RestartPolicy = Restarts(),
            // As podman has decided it, whatever the command.
            Systemd = config.Flag("systemd") ? "always" : "false",
            StopSignal = config.Number("stopSignal")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            StopTimeout = (int?)config.Number("stopTimeout"),
            Timeout = config.Number("timeout") is > 0 and var seconds ? (int)seconds : null,
            Umask = config.Text("umask") is { Length: > 0 } umask ? umask : null,
            TimeZone = config.Text("timezone") is { Length: > 0 } zone ? zone : null,
            Runtime = config.Text("runtime") is { Length: > 0 } runtime ? runtime : null,
            Passwd = config.Get("passwd").ValueKind != JsonValueKind.False,
            Secrets = Moves ? [.. Secrets()] : [],
            // They are among the mounts.
            ImageVolumes = Moves ? "ignore" : "anonymous",
        };
        WarnOfRest();
        return spec;
    }

    private IEnumerable<ContainerRequirement> Required(Func<string, string?> containerOf)
    {
        foreach (var id in config.Texts("Dependencies"))
        {
            if (containerOf(id) is { } name)
                yield return new(name);
            else
                warnings.Add($"that it requires podman's container {id[..Math.Min(12, id.Length)]} is not carried over: import that one first");
        }
    }

    private bool IsInPod => config.Text("pod").Length > 0;

    private IEnumerable<SecretUse> Secrets() =>
    [
        .. config.Items("secrets").Select(secret => new SecretUse
        {
            Secret = secret.Text("name"),
            Target = secret.Text("Target"),
            UserId = (uint)(secret.Number("UID") ?? 0),
            GroupId = (uint)(secret.Number("GID") ?? 0),
            Mode = (int)(secret.Number("Mode") ?? SecretUse.DefaultMode),
        }),
        .. config.Members("secret_env").Select(variable => new SecretUse { Secret = variable.Value.Text("name"), Target = variable.Name, IsVariable = true }),
    ];

    private RestartPolicy Restarts()
    {
        var policy = config.Text("restart_policy");
        return RestartPolicy.Parse(policy == "on-failure" && config.Number("restart_retries") is > 0 and var tries ? $"{policy}:{tries}" : policy);
    }

    private ContainerSpec Process(ContainerSpec spec)
    {
        var entryPoint = config.Texts("entrypoint");
        var environment = Environment();
        var imageNames = image.Environment.Select(NameOf).ToList();
        var present = config.Texts("spec", "process", "env").Select(NameOf).ToHashSet();
        return spec with
        {
            EntryPoint = entryPoint.Count > 0 ? entryPoint : image.EntryPoint.Count > 0 ? [""] : null,
            Command = config.Texts("command"),
            Environment = environment,
            RemoveEnvironment = [.. imageNames.Where(name => !present.Contains(name))],
            WorkingDirectory = config.Text("spec", "process", "cwd") is { Length: > 0 } directory && directory != (image.WorkingDirectory.Length > 0 ? image.WorkingDirectory : "/")
                ? directory : null,
            User = config.Text("user") is { Length: > 0 } user ? user : null,
            Groups = config.Texts("groups"),
            Terminal = config.Flag("spec", "process", "terminal"),
            Input = config.Flag("stdin"),
        };
    }

    // What the image has, and what podman sets in every container, comes by itself.
    private Dictionary<string, string> Environment()
    {
        var host = config.Text("spec", "hostname");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        // The specification that ran has their values.
        var secrets = config.Members("secret_env").Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in config.Texts("spec", "process", "env").Except(image.Environment).Where(entry => !secrets.Contains(NameOf(entry))))
        {
            var name = NameOf(entry);
            var value = entry[Math.Min(entry.Length, name.Length + 1)..];
            var isPodmans = name switch
            {
                "container" or "HOME" => true,
                "TERM" => value == "xterm",
                "HOSTNAME" => value == host || value == ShortId || host.Length == 0,
                "PATH" => value == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                _ => conf.Containers.Environment.Contains(entry),
            };
            if (!isPodmans)
                variables[name] = value;
        }
        return variables;
    }

    private static string NameOf(string entry) => entry.IndexOf('=') is >= 0 and var equals ? entry[..equals] : entry;

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> known) =>
        all.Where(entry => !known.TryGetValue(entry.Key, out var value) || value != entry.Value).ToDictionary(StringComparer.Ordinal);

    private Dictionary<string, string> OwnAnnotations() => config.Map("spec", "annotations")
        .Where(entry => !entry.Key.StartsWith("io.podman.", StringComparison.Ordinal) && !entry.Key.StartsWith("io.container.", StringComparison.Ordinal)
            && !entry.Key.StartsWith("org.systemd.", StringComparison.Ordinal) && !entry.Key.StartsWith("run.oci.", StringComparison.Ordinal))
        .ToDictionary(StringComparer.Ordinal);

    private ContainerSpec Logging(ContainerSpec spec)
    {
        var driver = config.Text("logDriver");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config.Number("logSize") is > 0 and var size)
            options["max-size"] = size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (config.Text("logTag") is { Length: > 0 } tag)
            options["tag"] = tag;
        // The usual place is in podman's own directory of the container.
        if (config.Text("logPath") is { Length: > 0 } path && !path.StartsWith(config.Text("staticDir"), StringComparison.Ordinal) && !Moves)
            warnings.Add($"the log goes to the usual place, not to {path}");
        return spec with { LogDriver = driver is "k8s-file" or "" ? null : driver, LogOptions = options };
    }

    private void WarnOfRest()
    {
        foreach (var secret in Moves ? [] : config.Items("secrets").Concat(config.Members("secret_env").Select(member => member.Value)))
            warnings.Add($"the secret {secret.Text("name")} is not carried over");
        if (config.Text("sdnotifyMode") is { Length: > 0 } mode and not ("container" or "ignore"))
            warnings.Add($"the notification of systemd ({mode}) is not carried over");
        foreach (var option in config.Members("storageOpts"))
            warnings.Add($"the storage option {option.Name} is not carried over");
        foreach (var name in (string[])["overlayVolumes", "ctrImageVolumes"])
            foreach (var volume in config.Items(name))
                warnings.Add($"the mount on {(volume.Text("dest") is { Length: > 0 } to ? to : volume.Text("destination"))} is of a kind that is not carried over");
    }
}
