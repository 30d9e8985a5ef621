using Podsharp.Engine.Json;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;

namespace Podsharp.Engine.Runtime.Chroot;

/// <summary>What of a bundle's config.json can be had without an OCI runtime.</summary>
internal sealed record ChrootSpec
{
    internal required string Root { get; init; }
    internal bool IsReadOnly { get; init; }
    internal string? HostName { get; init; }
    internal required IReadOnlyList<string> Arguments { get; init; }
    internal required IReadOnlyList<string> Environment { get; init; }
    internal required string WorkingDirectory { get; init; }
    internal uint UserId { get; init; }
    internal uint GroupId { get; init; }
    internal IReadOnlyList<uint> Groups { get; init; } = [];
    internal uint? Umask { get; init; }
    internal CapabilitySet Bounding { get; init; }
    internal CapabilitySet Effective { get; init; }
    internal CapabilitySet Ambient { get; init; }
    internal IReadOnlyList<OciRlimit> Limits { get; init; } = [];
    internal bool NoNewPrivileges { get; init; }
    internal string? AppArmorProfile { get; init; }
    internal string? SELinuxLabel { get; init; }
    internal IReadOnlyList<OciMount> Mounts { get; init; } = [];
    internal IReadOnlyList<OciNamespace> Namespaces { get; init; } = [];
    internal IReadOnlyList<OciDevice> Devices { get; init; } = [];
    internal IReadOnlyList<string> MaskedPaths { get; init; } = [];
    internal IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not the engine's.</exception>
    internal static ChrootSpec Read(string path) =>
        JsonRow.Parse(Files.TryReadAll(path) ?? throw new FileNotFoundException($"there is no {path}"), anyCase: false, Read);

    private static ChrootSpec Read(JsonRow row)
    {
        var process = row.Object("process", Process)!;
        return (row.Object("linux", Linux) ?? new Part()).Into(process) with
        {
            Root = row.Object("root", root => root.Required("path"))!,
            IsReadOnly = row.Object("root", root => root.Flag("readonly") ? "" : null!) is not null,
            HostName = row.Text("hostname"),
            Mounts = row.Objects("mounts", mount => new OciMount(mount.Required("destination"), mount.Text("type", ""), mount.Text("source", ""), mount.Texts("options") ?? [])) ?? [],
        };
    }

    private static ChrootSpec Process(JsonRow row)
    {
        var user = row.Object("user", user => new OciUser
        {
            Uid = (uint)(user.Long("uid") ?? 0),
            Gid = (uint)(user.Long("gid") ?? 0),
            Umask = (uint?)user.Long("umask"),
            AdditionalGids = [.. (user.Ints("additionalGids") ?? []).Select(group => (uint)group)],
        }) ?? new OciUser();
        var sets = row.Object("capabilities", sets => new OciCapabilities
        {
            Bounding = sets.Texts("bounding") ?? [],
            Effective = sets.Texts("effective") ?? [],
            Ambient = sets.Texts("ambient") ?? [],
        }) ?? new OciCapabilities();
        return new()
        {
            Root = "",
            Arguments = row.Texts("args") ?? [],
            Environment = row.Texts("env") ?? [],
            WorkingDirectory = row.Text("cwd", "/"),
            UserId = user.Uid,
            GroupId = user.Gid,
            Groups = user.AdditionalGids ?? [],
            Umask = user.Umask,
            Bounding = CapabilitySet.Parse(sets.Bounding),
            Effective = CapabilitySet.Parse(sets.Effective),
            Ambient = CapabilitySet.Parse(sets.Ambient ?? []),
            Limits = row.Objects("rlimits", limit => new OciRlimit(limit.Required("type"), limit.UnsignedLong("hard") ?? 0, limit.UnsignedLong("soft") ?? 0)) ?? [],
            NoNewPrivileges = row.Flag("noNewPrivileges"),
            AppArmorProfile = row.Text("apparmorProfile"),
            SELinuxLabel = row.Text("selinuxLabel"),
        };
    }

    private static Part Linux(JsonRow row) => new()
    {
        Namespaces = row.Objects("namespaces", item => new OciNamespace(item.Required("type"), item.Text("path"))) ?? [],
        Devices = row.Objects("devices", item => new OciDevice(item.Required("path"), item.Text("type", "c"), item.Long("major") ?? 0, item.Long("minor") ?? 0,
            (uint)(item.Long("fileMode") ?? 0x1B6 /* 0666 */), (uint)(item.Long("uid") ?? 0), (uint)(item.Long("gid") ?? 0))) ?? [],
        MaskedPaths = row.Texts("maskedPaths") ?? [],
        ReadOnlyPaths = row.Texts("readonlyPaths") ?? [],
    };

    private sealed record Part
    {
        internal IReadOnlyList<OciNamespace> Namespaces { get; init; } = [];
        internal IReadOnlyList<OciDevice> Devices { get; init; } = [];
        internal IReadOnlyList<string> MaskedPaths { get; init; } = [];
        internal IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

        internal ChrootSpec Into(ChrootSpec spec) => spec with { Namespaces = Namespaces, Devices = Devices, MaskedPaths = MaskedPaths, ReadOnlyPaths = ReadOnlyPaths };
    }
}
