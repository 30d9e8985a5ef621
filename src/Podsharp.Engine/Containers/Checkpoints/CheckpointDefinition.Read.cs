using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Podman;
using Podsharp.Engine.State;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

// Reading what somebody else may have written.
internal sealed partial record CheckpointDefinition
{
    private const int LongestText = 16 << 20;
    private const int LongestName = 255;
    private const string Dependent = "cannot import checkpoints of containers with dependencies: it needs other containers";

    // The last value of a member that is there twice would count here, and the first one elsewhere.
    private static readonly JsonDocumentOptions Strictly = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the two members of an archive of podman's or ours.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: they are no such thing, or name what no container can be named. Unsupported: it needs other
    /// containers.</exception>
    public static CheckpointDefinition Read(ReadOnlyMemory<byte> configuration, ReadOnlyMemory<byte> specification)
    {
        try
        {
            if (configuration.Length > LongestText || specification.Length > LongestText)
                throw Damaged("it is too long");
            var podman = ReadPodman(configuration, specification);
            CheckTexts(podman);
            var own = podman.Get(OwnMember);
            var isKnown = own.Number("version") == OwnVersion;
            if (isKnown)
                RefuseNull(own);
            var read = isKnown ? ReadOwn(podman, own) : ReadPodman(podman) with { IsOfLaterVersion = own.ValueKind == JsonValueKind.Object };
            Check(read);
            return read;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw Damaged(error.Message, error);
        }
    }

    // With the specification that ran where podman's configuration has none, as for whoever reads podman's database.
    private static JsonElement ReadPodman(ReadOnlyMemory<byte> configuration, ReadOnlyMemory<byte> specification)
    {
        using var ran = JsonDocument.Parse(specification, Strictly);
        if (ran.RootElement.ValueKind != JsonValueKind.Object)
            throw Damaged("spec.dump is no object");
        using var document = JsonDocument.Parse(configuration, Strictly);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw Damaged("config.dump is no object");
        if (document.RootElement.Get("spec").ValueKind == JsonValueKind.Object)
            return document.RootElement.Clone();
        var both = JsonObject.Create(document.RootElement.Clone())!;
        both["spec"] = JsonObject.Create(ran.RootElement.Clone());
        using var joined = JsonDocument.Parse(both.ToJsonString());
        return joined.RootElement.Clone();
    }

    private static CheckpointDefinition ReadOwn(JsonElement podman, JsonElement own)
    {
        var config = Portable(StateReader.ReadConfig(own.Get("container").GetRawText()));
        if (config.Id != podman.Text("id") || config.Name != podman.Text("name"))
            throw Damaged("it names two containers");
        if (config.Spec.Requires.Count > 0 || Modes(config).Any(mode => mode.Kind == NamespaceKind.Container && mode.Target != config.InfraId))
            throw EngineErrors.Unsupported(Dependent, config.Name, "restore those first, and make this one anew");
        if (config.ImageId.Length == 0 != config.Spec.RootFs is not null)
            throw Damaged("it has neither an image nor a root file system");
        return new()
        {
            Id = config.Id,
            Name = config.Name,
            ImageId = config.ImageId,
            ImageName = config.ImageName,
            PodId = config.PodId,
            Volumes = [.. config.Mounts.Where(mount => mount.Type == MountType.Volume)],
            Engine = OwnMember,
            Own = config,
            Podman = podman,
        };
    }

    private static CheckpointDefinition ReadPodman(JsonElement podman)
    {
        var name = podman.Text("name");
        var peers = ((string[])["ipcNsCtr", "netNsCtr", "pidNsCtr", "utsNsCtr", "cgroupNsCtr", "userNsCtr"]).Any(peer => podman.Text(peer).Length > 0);
        if (podman.Texts("Dependencies").Count > 0 || (peers && podman.Text("pod").Length == 0))
            throw EngineErrors.Unsupported(Dependent, name, "restore those first, and make this one anew");
        if (podman.Text("rootfsImageID").Length == 0 == (podman.Text("rootfs").Length == 0))
            throw Damaged("it has neither an image nor a root file system");
        return new()
        {
            Id = podman.Text("id"),
            Name = name,
            ImageId = podman.Text("rootfsImageID"),
            ImageName = podman.Text("rootfsImageName"),
            PodId = podman.Text("pod"),
            Volumes = PodmanSpecMapper.Volumes(podman),
            Engine = "podman",
            Podman = podman,
        };
    }

    private static void Check(CheckpointDefinition read)
    {
        if (!ContainerNames.IsId(read.Id))
            throw Damaged($"\"{Shown(read.Id)}\" is no container's id");
        if (read.ImageId.Length > 0 && !ContainerNames.IsId(read.ImageId))
            throw Damaged($"\"{Shown(read.ImageId)}\" is no image's id");
        if (read.PodId.Length > 0 && !ContainerNames.IsId(read.PodId))
            throw Damaged($"\"{Shown(read.PodId)}\" is no pod's id");
        if (read.ImageName.Length > 4 * LongestName || read.ImageName.StartsWith('-') || read.ImageName.Any(char.IsControl))
            throw Damaged($"\"{Shown(read.ImageName)}\" is no image's name");
        if (read.Name.Length > LongestName)
            throw Damaged("its name is too long");
        Correct(() => ContainerNames.Validate(read.Name));
        CheckMounts(read.Volumes);
        if (read.Own is { } own)
            Check(Plan(own));
    }

    private static void Check(ContainerSpec spec)
    {
        CheckMounts(spec.Mounts);
        var isDefined = spec.Mounts.All(mount => Enum.IsDefined(mount.Type)) && Modes(spec).All(mode => Enum.IsDefined(mode.Kind)) && Enum.IsDefined(spec.RestartPolicy.Kind)
            && Enum.IsDefined(spec.PullPolicy) && (spec.Health.OnFailure is not { } action || Enum.IsDefined(action));
        if (!isDefined)
            throw Damaged("it has a value that nobody knows");
        if (spec.RootFs is { } root && !root.StartsWith('/'))
            throw Damaged($"\"{Shown(root)}\" is no root file system");
        if (spec.Ports.FirstOrDefault(port => port.Range is < 1 or > ushort.MaxValue || port.HostPort is < 0 or > ushort.MaxValue || port.ContainerPort is < 1 or > ushort.MaxValue) is { } wrong)
            throw Damaged($"{Shown(wrong.ToString())} is no port");
    }

    private static void CheckMounts(IReadOnlyList<ContainerMount> mounts)
    {
        foreach (var mount in mounts)
        {
            // A target is resolved in the container; one that leads elsewhere by its words is no honest one all the same.
            if (!mount.Target.StartsWith('/') || mount.Target.Split('/').Contains(".."))
                throw Damaged($"\"{Shown(mount.Target)}\" is no path in a container");
            if (mount.Type == MountType.Volume)
                Correct(() => VolumeStore.CheckName(mount.Source));
        }
    }

    private static void Correct(Action check)
    {
        try
        {
            check();
        }
        catch (ContainerEngineException error)
        {
            throw Damaged(error.Message, error);
        }
    }

    // Also decodes all of them: what is no text is found here.
    private static void CheckTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    CheckText(member.Name);
                    CheckTexts(member.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    CheckTexts(item);
                break;
            case JsonValueKind.String:
                CheckText(element.GetString()!);
                break;
        }
    }

    private static void CheckText(string text)
    {
        if (text.Contains('\0'))
            throw Damaged("a text in it has a character that no name and no path has");
    }

    // We write none, and where one stands no reader expects it.
    private static void RefuseNull(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                throw Damaged("a value is missing");
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    RefuseNull(member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    RefuseNull(item);
                break;
        }
    }

    private static IEnumerable<NamespaceMode> Modes(ContainerSpec spec) => [spec.Network, spec.PidNamespace, spec.IpcNamespace, spec.UtsNamespace, spec.CgroupNamespace];

    private static IEnumerable<NamespaceMode> Modes(ContainerConfig config) => [.. Modes(config.Spec), config.Network, config.UserNamespace];

    private static string Shown(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
