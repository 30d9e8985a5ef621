using System.Text.Json;
using Podsharp.Engine.Hooks;
using Podsharp.Engine.Json;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;

namespace Podsharp.Engine.Devices.Cdi;

/// <summary>Reads CDI specifications (container-device-interface, SPEC.md, versions up to 1).</summary>
internal static class CdiReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its name: .json is JSON, all else YAML.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="JsonException">It is no specification.</exception>
    internal static CdiSpec Read(string path, byte[] content) =>
        JsonRow.Parse(path.EndsWith(".json", StringComparison.Ordinal) ? content : YamlDocument.ToJson(content), false, row => Spec(path, row));

    private static CdiSpec Spec(string path, JsonRow row)
    {
        if (!row.Required("cdiVersion").TrimStart('v').StartsWith("0.", StringComparison.Ordinal) && !row.Required("cdiVersion").TrimStart('v').StartsWith("1.", StringComparison.Ordinal))
            throw new JsonException($"version {row.Required("cdiVersion")} is not known");
        var devices = new Dictionary<string, CdiEdits>(StringComparer.Ordinal);
        foreach (var device in row.Objects("devices", item => new Named(item.Required("name"), item.Object("containerEdits", Edits) ?? CdiEdits.None)) ?? [])
        {
            if (!devices.TryAdd(device.Name, device.Edits))
                throw new JsonException($"there are two devices {device.Name}");
        }
        return new CdiSpec(path, row.Required("kind"), row.Object("containerEdits", Edits) ?? CdiEdits.None, devices);
    }

    private static CdiEdits Edits(JsonRow row) => new()
    {
        Nodes = row.Objects("deviceNodes", Node) ?? [],
        Mounts = row.Objects("mounts", item => new OciMount(item.Required("containerPath"), item.Text("type", "bind"), item.Required("hostPath"),
            item.Texts("options") ?? [])) ?? [],
        Environment = row.Texts("env") ?? [],
        Hooks = row.Objects("hooks", item => new StagedHook(item.Required("hookName"), HookReader.Hook(item))) ?? [],
        Groups = [.. (row.Ints("additionalGids") ?? []).Where(group => group > 0).Select(group => (uint)group)],
        RdtClass = row.Object("intelRdt", item => item.Text("closID", "")) is { Length: > 0 } name ? name : null,
    };

    // What the file doesn't say of a device is the host's own.
    private static CdiDeviceNode Node(JsonRow row)
    {
        var path = row.Required("path");
        var hostPath = row.Text("hostPath", path);
        var status = Files.TryStatus(hostPath);
        return new CdiDeviceNode
        {
            Path = path,
            HostPath = hostPath,
            Type = row.Text("type") ?? (status?.Type == ModeBits.BlockDevice ? "b" : "c"),
            Major = row.Long("major") is > 0 and var major ? major : status?.SpecialMajor ?? 0,
            Minor = row.Long("major") is > 0 ? row.Long("minor") ?? 0 : status?.SpecialMinor ?? 0,
            Permissions = row.Text("permissions", "rwm"),
            Mode = (uint)(row.Long("fileMode") ?? status?.Mode ?? 0x1B6 /* 0666 */) & ModeBits.PermissionMask,
            UserId = (uint)(row.Long("uid") ?? status?.UserId ?? 0),
            GroupId = (uint)(row.Long("gid") ?? status?.GroupId ?? 0),
        };
    }

    private sealed record Named(string Name, CdiEdits Edits);
}
