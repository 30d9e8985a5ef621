using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Runs CNI plugins (containernetworking's SPEC.md, "Execution protocol"): each of a network's plugins in turn gets the answer of the one before.</summary>
/// <param name="settings">Paths and choices.</param>
/// <param name="run">Runs a program.</param>
internal sealed class Cni(NetworkSettings settings, IHelperRunner run)
{
    private const string Package = "containernetworking-plugins";

    /// <summary>Connects a network namespace as the request says.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent or Runtime. What was made until then is taken down.</exception>
    internal NetworkSetup Setup(NetworkRequest request, string namespacePath, CancellationToken cancellationToken)
    {
        using var queue = NetavarkQueue.Enter(settings.RunDirectory, IsPlugin, cancellationToken);
        var statuses = new List<NetworkStatus>();
        var begun = new Stack<CniCall>();
        try
        {
            var calls = CniCall.From(request.Json);
            foreach (var (call, plugin) in calls.SelectMany(call => Plugins(call).Select(plugin => (call, plugin)))) _ = Path(call, plugin);
            foreach (var call in calls)
            {
                begun.Push(call);
                var result = Add(call, namespacePath);
                CniResult.Keep(settings.CniResultDirectory, call, result);
                statuses.Add(CniResult.Status(result, call, request.Attachments.First(attachment => attachment.Network == call.Network), request.Networks[call.Network]));
            }
            return new NetworkSetup(statuses, "{}");
        }
        catch (Exception e) when (e is ContainerEngineException or JsonException)
        {
            foreach (var call in begun) TryDelete(call, namespacePath);
            throw e as ContainerEngineException ?? new ContainerEngineException(ErrorKind.Runtime, "NetworkSetupFailed", "a CNI plugin's answer can't be read", null, null, e);
        }
    }

    /// <summary>Takes down what <see cref="Setup"/> made; what is missing is fine, the namespace too.</summary>
    internal void Teardown(string requestJson, string namespacePath, CancellationToken cancellationToken)
    {
        using var queue = NetavarkQueue.Enter(settings.RunDirectory, IsPlugin, cancellationToken);
        var path = NetworkNamespaces.Exists(namespacePath) ? namespacePath : "";
        foreach (var call in CniCall.From(requestJson).Reverse()) Delete(call, path);
    }

    /// <summary>Makes sure that there are plugins.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent.</exception>
    internal void Require()
    {
        if (!settings.CniPluginDirectories.Any(directory => Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
            throw EngineErrors.MissingComponent("CNI plugins", "by the network backend cni (network_backend in containers.conf)", Package);
    }

    private string Add(CniCall call, string namespacePath)
    {
        JsonNode? previous = null;
        foreach (var plugin in Plugins(call))
        {
            var result = Run("ADD", call, plugin, previous, namespacePath);
            if (result.ExitCode != 0) throw Failed("NetworkSetupFailed", "connect the container", call, plugin, result);
            // A plugin may have nothing to add.
            if (result.Output.Trim().Length > 0) previous = JsonNode.Parse(result.Output);
        }
        return previous?.ToJsonString() ?? "{}";
    }

    private void Delete(CniCall call, string namespacePath)
    {
        var kept = CniResult.Find(settings.CniResultDirectory, call);
        var previous = TakesPrevious(call.Version) ? kept : null;
        foreach (var plugin in Plugins(call).Reverse())
        {
            // What isn't there has made nothing, unless it was there for the whole of ADD.
            if (kept is null && Find(plugin) is null) continue;
            var result = Run("DEL", call, plugin, previous, namespacePath);
            if (result.ExitCode != 0) throw Failed("NetworkTeardownFailed", "disconnect the container", call, plugin, result);
        }
        CniResult.Forget(settings.CniResultDirectory, call);
    }

    private void TryDelete(CniCall call, string namespacePath)
    {
        try
        {
            Delete(call, namespacePath);
        }
        catch (ContainerEngineException)
        {
            // The first error is the one to tell; the container's takedown tries again.
        }
    }

    private HelperResult Run(string command, CniCall call, JsonElement plugin, JsonNode? previous, string namespacePath)
    {
        using var errors = MemoryFile.Create("cni");
        var result = run.Run(new HelperStart(Path(call, plugin), [], new Dictionary<string, string>
        {
            ["PATH"] = settings.SearchPath(),
            ["CNI_COMMAND"] = command,
            ["CNI_CONTAINERID"] = call.ContainerId,
            ["CNI_NETNS"] = namespacePath,
            ["CNI_IFNAME"] = call.Interface,
            ["CNI_ARGS"] = string.Join(';', call.Arguments.Select(pair => $"{pair.Key}={pair.Value}")),
            ["CNI_PATH"] = string.Join(':', settings.CniPluginDirectories),
        }, call.Configure(plugin, previous))
        {
            ErrorOutput = errors,
        });
        return result.ExitCode == 0 || result.Output.Trim().Length > 0 ? result : result with { Output = MemoryFile.ReadText(errors) };
    }

    private static IEnumerable<JsonElement> Plugins(CniCall call) => call.List.GetProperty("plugins").EnumerateArray();

    private string Path(CniCall call, JsonElement plugin) =>
        Find(plugin) ?? throw EngineErrors.MissingComponent($"CNI plugin {Type(plugin)}", $"by the network {call.Network}", Package);

    // A type is a file's name in one of the directories, never a path.
    private string? Find(JsonElement plugin) => Type(plugin) is var type && (type.Length == 0 || type.Contains('/')) ? null
        : settings.CniPluginDirectories.Select(directory => System.IO.Path.Combine(directory, type)).FirstOrDefault(File.Exists);

    private static string Type(JsonElement plugin) => plugin.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "";

    // Since 0.4.0.
    private static bool TakesPrevious(string version) => System.Version.TryParse(version, out var parsed) && parsed >= new Version(0, 4, 0);

    private static bool IsPlugin(string process) => Files.TryReadAll(process + "/environ") is { } environment && environment.AsSpan().IndexOf("CNI_COMMAND="u8) >= 0;

    private static ContainerEngineException Failed(string id, string action, CniCall call, JsonElement plugin, HelperResult result)
    {
        var message = Message(result.Output);
        return new(ErrorKind.Runtime, id, $"cannot {action} to the network {call.Network}: CNI plugin {Type(plugin)}: {message}", call.Network);
    }

    private static string Message(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var texts = ((string[])["msg", "details"]).Select(name => document.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "").Where(text => text.Length > 0).ToList();
            if (texts.Count > 0) return string.Join(": ", texts);
        }
        catch (JsonException)
        {
            // It failed before it could say so in form.
        }
        return output.ReplaceLineEndings(" ").Trim() is { Length: > 0 } text1 ? text1 : "it failed without a word";
    }
}
