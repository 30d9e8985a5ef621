using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>podman's <c>secrets.json</c>: what is known of each secret but its value. Members that aren't ours to know stay as they are.</summary>
/// <param name="root">The document.</param>
internal sealed class SecretList(JsonObject root)
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Reads the file; an absent one is an empty list.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt.</exception>
    internal static SecretList Read(string path)
    {
        if (Files.TryReadAll(path) is not { Length: > 0 } bytes)
            return new([]);
        try
        {
            return new(JsonNode.Parse(bytes) as JsonObject ?? throw Damaged(path, null));
        }
        catch (JsonException error)
        {
            throw Damaged(path, error);
        }
    }

    /// <summary>All secrets, by name.</summary>
    internal IReadOnlyList<ContainerSecret> All() => [.. Table("secrets").Select(member => Secret(member.Value!.AsObject())).OrderBy(secret => secret.Name, StringComparer.Ordinal)];

    /// <summary>A secret by its name, its id or the beginning of that.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    internal ContainerSecret Get(string nameOrId)
    {
        if (FindByName(nameOrId) is { } named)
            return named;
        var found = nameOrId.Length == 0 ? [] : Table("secrets").Where(member => member.Key.StartsWith(nameOrId, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            0 => throw EngineErrors.SecretNotFound(nameOrId),
            1 => Secret(found[0].Value!.AsObject()),
            _ => throw EngineErrors.Ambiguous("secret", nameOrId),
        };
    }

    /// <summary>A secret by its whole name, or null.</summary>
    internal ContainerSecret? FindByName(string name) =>
        Table("nameToID")[name]?.GetValue<string>() is { } id && Table("secrets")[id] is JsonObject secret ? Secret(secret) : null;

    /// <summary>Whether there is a secret of that id.</summary>
    internal bool Has(string id) => Table("secrets")[id] is not null;

    /// <summary>An id that nobody can take for a name.</summary>
    internal string NewId()
    {
        while (true)
        {
            var id = Convert.ToHexStringLower(Entropy.Bytes(13))[..25];
            if (!Has(id) && Table("nameToID")[id] is null)
                return id;
        }
    }

    /// <summary>Adds a secret.</summary>
    internal void Add(ContainerSecret secret)
    {
        var entry = new JsonObject { ["name"] = secret.Name, ["id"] = secret.Id };
        if (secret.Labels.Count > 0)
            entry["labels"] = Object(secret.Labels);
        entry["createdAt"] = Time(secret.Created);
        entry["updatedAt"] = Time(secret.Updated);
        entry["driver"] = secret.Driver;
        entry["driverOptions"] = Object(secret.DriverOptions);
        Table("secrets")[secret.Id] = entry;
        Table("nameToID")[secret.Name] = secret.Id;
        Table("idToName")[secret.Id] = secret.Name;
    }

    /// <summary>Takes a secret out.</summary>
    internal void Remove(ContainerSecret secret)
    {
        Table("secrets").Remove(secret.Id);
        Table("nameToID").Remove(secret.Name);
        Table("idToName").Remove(secret.Id);
    }

    /// <summary>Replaces the file in one step.</summary>
    internal void Write(string path)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            root.WriteTo(writer);
        Files.Replace(path, stream.GetBuffer().AsSpan(0, (int)stream.Length), OwnerOnly, durable: true);
    }

    private JsonObject Table(string name)
    {
        if (root[name] is not JsonObject table)
            root[name] = table = [];
        return table;
    }

    private static ContainerSecret Secret(JsonObject entry) => new()
    {
        Id = Text(entry, "id"),
        Name = Text(entry, "name"),
        Driver = Text(entry, "driver"),
        DriverOptions = Texts(entry["driverOptions"]),
        Labels = Texts(entry["labels"]),
        Created = Time(Text(entry, "createdAt")),
        Updated = Time(Text(entry, "updatedAt")),
    };

    private static string Text(JsonObject entry, string name) => entry[name]?.GetValueKind() == JsonValueKind.String ? entry[name]!.GetValue<string>() : "";

    private static IReadOnlyDictionary<string, string> Texts(JsonNode? node) => node is not JsonObject members ? EmptyDictionary.Strings
        : members.ToDictionary(member => member.Key, member => member.Value?.ToString() ?? "", StringComparer.Ordinal);

    private static JsonObject Object(IReadOnlyDictionary<string, string> values)
    {
        var result = new JsonObject();
        foreach (var (name, value) in values.OrderBy(value => value.Key, StringComparer.Ordinal))
            result[name] = value;
        return result;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);

    // Nanoseconds, of which .NET keeps hundreds.
    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : default;

    private static ContainerEngineException Damaged(string path, Exception? cause) => new(ErrorKind.DataCorrupt, "SecretsCorrupt",
        $"the list of secrets in {path} can't be read: it is not what podman writes", path, "restore it from a backup, or remove it with its directory and make the secrets anew", cause);
}
