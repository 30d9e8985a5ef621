using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>The note of secrets whose values may be stored without a record: ids and drivers, no value.</summary>
internal static class PendingSecrets
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Notes them. It is durable before a value is stored.</summary>
    internal static void Write(string path, IReadOnlyList<ContainerSecret> secrets)
    {
        var list = new JsonArray();
        foreach (var secret in secrets)
        {
            var options = new JsonObject();
            foreach (var (name, value) in secret.DriverOptions)
                options[name] = value;
            list.Add((JsonNode)new JsonObject { ["id"] = secret.Id, ["driver"] = secret.Driver, ["options"] = options });
        }
        PrivateDirectory.Ensure(Path.GetDirectoryName(path)!);
        Files.Replace(path, System.Text.Encoding.UTF8.GetBytes(list.ToJsonString()), OwnerOnly, durable: true);
    }

    /// <summary>What is noted.</summary>
    internal static IReadOnlyList<ContainerSecret> Read(string path)
    {
        if (Files.TryReadAll(path) is not { } bytes)
            return [];
        try
        {
            return [.. JsonNode.Parse(bytes)!.AsArray().Select(node => new ContainerSecret
            {
                Id = node!["id"]!.GetValue<string>(),
                Name = "",
                Driver = node["driver"]!.GetValue<string>(),
                DriverOptions = node["options"]!.AsObject().ToDictionary(option => option.Key, option => option.Value!.GetValue<string>(), StringComparer.Ordinal),
            })];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException)
        {
            return []; // a torn file: its writer never came to store a value
        }
    }

    /// <summary>Takes the note away.</summary>
    internal static void Clear(string path) => _ = Files.TryRemove(path);
}
