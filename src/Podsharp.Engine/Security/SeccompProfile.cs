using System.Globalization;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>A system call filter in Docker's form: rules that hold for certain capabilities, architectures and kernels. It is turned into
/// the OCI form for one container.</summary>
internal sealed class SeccompProfile
{
    /// <summary>The label of an image that holds a profile.</summary>
    internal const string ImageLabel = "io.containers.seccomp.profile";

    private readonly byte[] json;

    private SeccompProfile(string path, byte[] json)
    {
        Path = path;
        this.json = json;
    }

    /// <summary>Where it came from.</summary>
    internal string Path { get; }

    /// <summary>Uses a profile's text.</summary>
    internal static SeccompProfile FromJson(string path, byte[] json) => new(path, json);

    private static readonly HashSet<string> Actions = new(StringComparer.Ordinal)
    {
        "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",
        "SCMP_ACT_NOTIFY",
    };

    private static readonly HashSet<string> Comparisons = new(StringComparer.Ordinal)
    {
        "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
    };

    /// <summary>Finds the profile for a container: the one asked for, containers.conf's, /etc's or the distribution's.</summary>
    /// <param name="securityOptions">podman's --security-opt words.</param>
    /// <param name="privileged">A privileged container has none unless it asks.</param>
    /// <param name="configuration">containers.conf.</param>
    /// <param name="facts">The host.</param>
    /// <returns>Null: unconfined, or no profile is installed, or the kernel has no seccomp.</returns>
    /// <exception cref="ContainerEngineException">The file asked for can't be read.</exception>
    internal static SeccompProfile? Find(IReadOnlyList<string> securityOptions, bool privileged, ContainersConf configuration, HostFacts facts)
    {
        var asked = SecurityOptions.Value(securityOptions, "seccomp");
        if (!facts.Seccomp || asked == "unconfined" || (asked is null && privileged))
            return null;
        var path = asked ?? configuration.Containers.SeccompProfile;
        if (!string.IsNullOrEmpty(path))
        {
            return Native.Files.TryReadAll(path) is { } bytes ? new SeccompProfile(path, bytes)
                : throw EngineErrors.InvalidArgument($"the seccomp profile {path} can't be read: no such file", path, "correct the path, or use seccomp=unconfined");
        }
        foreach (var place in new[] { "/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json" })
        {
            if (Native.Files.TryReadAll(place) is { } bytes)
                return new SeccompProfile(place, bytes);
        }
        return null;
    }

    /// <summary>The filter of a container.</summary>
    /// <param name="capabilities">What the container is granted.</param>
    /// <param name="facts">Architecture and kernel.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for a file that is not a profile.</exception>
    internal OciSeccomp ToOci(CapabilitySet capabilities, HostFacts facts)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Convert(document.RootElement, capabilities, facts);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "SeccompProfileInvalid",
                $"{Path} is not a seccomp profile: {exception.Message}", Path, "correct the file, or use seccomp=unconfined", exception);
        }
    }

    private static OciSeccomp Convert(JsonElement root, CapabilitySet capabilities, HostFacts facts)
    {
        var syscalls = new List<OciSyscall>();
        foreach (var rule in Items(root, "syscalls"))
        {
            if (Applies(rule, capabilities, facts))
                syscalls.Add(ConvertRule(rule));
        }
        return new OciSeccomp
        {
            DefaultAction = OneOf(Actions, root.GetProperty("defaultAction").GetString()),
            DefaultErrnoRet = Number(root, "defaultErrnoRet"),
            Architectures = Architectures(root, facts.Architecture),
            Flags = Texts(root, "flags") is { Count: > 0 } flags ? flags : null,
            ListenerPath = Text(root, "listenerPath"),
            ListenerMetadata = Text(root, "listenerMetadata"),
            Syscalls = syscalls,
        };
    }

    private static OciSyscall ConvertRule(JsonElement rule)
    {
        var names = Texts(rule, "names");
        if (names.Count == 0 && Text(rule, "name") is { } name)
            names = [name];
        var arguments = Items(rule, "args").Select(argument => new OciSyscallArgument(Number(argument, "index") ?? 0,
            argument.GetProperty("value").GetUInt64(), argument.TryGetProperty("valueTwo", out var two) ? two.GetUInt64() : 0,
            OneOf(Comparisons, argument.GetProperty("op").GetString()))).ToList();
        return new OciSyscall
        {
            Names = names,
            Action = OneOf(Actions, rule.GetProperty("action").GetString()),
            ErrnoRet = Number(rule, "errnoRet"),
            Args = arguments.Count > 0 ? arguments : null,
        };
    }

    // The runtime would find out when the container is there.
    private static string OneOf(HashSet<string> words, string? word) =>
        word is not null && words.Contains(word) ? word : throw new FormatException($"\"{word}\" is none of {string.Join(", ", words.Order(StringComparer.Ordinal))}");

    private static bool Applies(JsonElement rule, CapabilitySet capabilities, HostFacts facts)
    {
        if (rule.TryGetProperty("includes", out var includes) && includes.ValueKind == JsonValueKind.Object)
        {
            if ((Texts(includes, "arches") is { Count: > 0 } arches && !arches.Contains(facts.Architecture))
                || !Texts(includes, "caps").All(capabilities.Contains) || !KernelReaches(includes, facts, true))
                return false;
        }
        if (rule.TryGetProperty("excludes", out var excludes) && excludes.ValueKind == JsonValueKind.Object)
        {
            if (Texts(excludes, "arches").Contains(facts.Architecture) || Texts(excludes, "caps").Any(capabilities.Contains)
                || KernelReaches(excludes, facts, false))
                return false;
        }
        return true;
    }

    private static bool KernelReaches(JsonElement filter, HostFacts facts, bool without) =>
        Text(filter, "minKernel") is { } text && Version.TryParse(text, out var version) ? facts.KernelVersion >= version : without;

    private static List<string>? Architectures(JsonElement root, string architecture)
    {
        var wanted = architecture switch
        {
            "amd64" => "SCMP_ARCH_X86_64",
            "386" => "SCMP_ARCH_X86",
            "arm64" => "SCMP_ARCH_AARCH64",
            "arm" => "SCMP_ARCH_ARM",
            "s390x" => "SCMP_ARCH_S390X",
            "ppc64le" => "SCMP_ARCH_PPC64LE",
            "riscv64" => "SCMP_ARCH_RISCV64",
            _ => "",
        };
        if (Texts(root, "architectures") is { Count: > 0 } plain)
            return plain;
        foreach (var map in Items(root, "archMap"))
        {
            if (Text(map, "architecture") == wanted)
                return [wanted, .. Texts(map, "subArchitectures")];
        }
        return null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : [];

    private static List<string> Texts(JsonElement parent, string name) => [.. Items(parent, name).Select(item => item.GetString() ?? "")];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static uint? Number(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.Number => value.GetUInt32(),
        JsonValueKind.String => uint.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        _ => null,
    } : null;
}
