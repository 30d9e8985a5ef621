using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Host;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>The OCI process object of a command in a container: the container's own, changed by what was asked for.</summary>
internal static class ExecProcess
{
    /// <summary>Makes it.</summary>
    /// <param name="configuration">The container's config.json.</param>
    /// <param name="spec">What was asked for.</param>
    /// <param name="user">The user asked for; null for the container's.</param>
    /// <param name="host">The host: nobody can be given more than it has.</param>
    /// <param name="size">The terminal's size from the first moment on; null where it isn't known.</param>
    internal static byte[] Generate(ReadOnlySpan<byte> configuration, ExecSpec spec, ResolvedUser? user, HostFacts host, TerminalSize? size = null)
    {
        var process = JsonNode.Parse(configuration)?["process"]?.AsObject()
            ?? throw new ContainerEngineException(ErrorKind.DataCorrupt, "BundleCorrupt", "the container's config.json has no process");
        if (spec.Command.Count == 0)
            throw EngineErrors.InvalidArgument("no command was given to run in the container", null, "give one after the container's name");
        process["terminal"] = spec.Terminal;
        // A size sent to conmon later comes too late for a command that asks at once.
        process.Remove("consoleSize");
        if (spec.Terminal && size is { } known)
            process["consoleSize"] = new JsonObject { ["height"] = known.Rows, ["width"] = known.Columns };
        process["args"] = TextArray(spec.Command);
        process["cwd"] = spec.WorkingDirectory is { Length: > 0 } directory ? directory : process["cwd"]?.GetValue<string>() ?? "/";
        process["env"] = TextArray(Environment(process, spec, user));
        if (user is not null)
            SetUser(process, user);
        if (spec.Privileged)
        {
            process.Remove("noNewPrivileges");
            var all = TextArray(host.BoundingCapabilities.ToNames());
            process["capabilities"] = new JsonObject { ["bounding"] = all, ["effective"] = all.DeepClone(), ["permitted"] = all.DeepClone() };
        }
        return Serialize(process);
    }

    private static IEnumerable<string> Environment(JsonObject process, ExecSpec spec, ResolvedUser? user)
    {
        var variables = new EnvironmentList();
        foreach (var variable in process["env"]?.AsArray() ?? [])
            variables.SetText(variable?.GetValue<string>() ?? "");
        if (spec.Terminal)
            variables.SetDefault("TERM", "xterm");
        if (user is not null)
            variables.Set("HOME", user.Home);
        foreach (var (name, value) in spec.Environment)
            variables.Set(name, value);
        return variables.ToList();
    }

    private static void SetUser(JsonObject process, ResolvedUser user)
    {
        var before = process["user"]?.AsObject();
        var after = new JsonObject { ["uid"] = user.UserId, ["gid"] = user.GroupId };
        if (before?["umask"] is { } umask)
            after["umask"] = umask.DeepClone();
        if (user.AdditionalGroups.Length > 0)
            after["additionalGids"] = new JsonArray([.. user.AdditionalGroups.Select(id => JsonValue.Create(id))]);
        process["user"] = after;
        if (process["capabilities"]?.AsObject() is not { } capabilities)
            return;
        // Root gets what the container may have at most, anyone else nothing, as at a container's start.
        var granted = user.UserId == 0 ? capabilities["bounding"] : null;
        foreach (var set in new[] { "effective", "permitted" })
            capabilities[set] = granted?.DeepClone() ?? new JsonArray();
        foreach (var set in new[] { "inheritable", "ambient" })
            capabilities.Remove(set);
    }

    private static JsonArray TextArray(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static byte[] Serialize(JsonObject value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            value.WriteTo(writer);
        return stream.ToArray();
    }
}
