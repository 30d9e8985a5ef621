using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Changes one auth file: containers-auth.json(5), or Docker's config.json. All members that aren't concerned stay as they are.</summary>
/// <remarks>A change reads, edits and replaces the file in one step; changes of ours queue on a lock, so that two log-ins at a time are both
/// there afterwards. Other programs take no lock.</remarks>
internal sealed class AuthFileEditor(string path, string lockFile)
{
    private const uint OwnerOnly = 0x180; // 0600
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700

    private static readonly JsonWriterOptions s_asOthersWrite = new()
    {
        Indented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The helper that the file names for a host, or for all; null for none.</summary>
    /// <exception cref="ContainerEngineException">The file is malformed.</exception>
    internal string? HelperFor(string host, out bool isForAll)
    {
        isForAll = false;
        if (Files.TryReadAll(path) is not { Length: > 0 } bytes)
        {
            return null;
        }
        using var document = Parse(() => JsonDocument.Parse(bytes));
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (AuthFiles.HelperFor(document.RootElement, host) is { } helper)
        {
            return helper;
        }
        isForAll = document.RootElement.TryGetProperty("credsStore", out var store) && store.ValueKind == JsonValueKind.String && store.GetString() is { Length: > 0 };
        return isForAll ? store.GetString() : null;
    }

    /// <summary>The helpers that the file names, with the hosts they are for.</summary>
    /// <exception cref="ContainerEngineException">The file is malformed.</exception>
    internal IReadOnlyList<(string Host, string Helper)> Helpers() => Read() is { } root && root["credHelpers"] is JsonObject helpers
        ? [.. helpers.Where(member => member.Value?.GetValueKind() == JsonValueKind.String).Select(member => (member.Key, member.Value!.GetValue<string>()))]
        : [];

    /// <summary>Sets the entry of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="credentials">The credentials; null for an entry without any, which says that a helper has them.</param>
    /// <param name="cancellationToken">Ends the wait for another change.</param>
    internal void Set(string key, RegistryCredentials? credentials, CancellationToken cancellationToken) => Change(root =>
    {
        if (root["auths"] is not JsonObject auths)
        {
            root["auths"] = auths = [];
        }
        var entry = new JsonObject();
        if (credentials is not null)
        {
            entry["auth"] = credentials.ToBasicParameter();
            if (credentials.IdentityToken is { } token)
            {
                entry["identitytoken"] = token;
            }
        }
        auths[key] = entry;
        return true;
    }, cancellationToken);

    /// <summary>Takes the entries away that a registry or a part of it goes by.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool Remove(RegistryKey key, CancellationToken cancellationToken) => Change(root =>
    {
        var found = false;
        foreach (var name in Names(root).Where(name => AuthFiles.IsKeyOf(name, key)).ToList())
        {
            found |= root["auths"]!.AsObject().Remove(name);
        }
        return found;
    }, cancellationToken);

    /// <summary>Takes all entries away.</summary>
    internal void RemoveAll(CancellationToken cancellationToken) => Change(root =>
    {
        root["auths"] = new JsonObject();
        return true;
    }, cancellationToken);

    private static IEnumerable<string> Names(JsonObject root) => root["auths"] is JsonObject auths ? auths.Select(member => member.Key) : [];

    private bool Change(Func<JsonObject, bool> edit, CancellationToken cancellationToken)
    {
        PrivateDirectory.Ensure(Path.GetDirectoryName(lockFile)!);
        using var held = FileLock.Acquire(lockFile, LockMode.Exclusive, cancellationToken, OwnerOnly);
        var root = Read() ?? [];
        if (!Parse(() => edit(root)))
        {
            return false;
        }
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_asOthersWrite))
        {
            root.WriteTo(writer);
        }
        // A link to the file stays one.
        var target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        Files.MakeDirectories(Path.GetDirectoryName(target)!, OwnerOnlyDirectory, OwnerOnlyDirectory);
        Files.Replace(target, stream.GetBuffer().AsSpan(0, (int)stream.Length), OwnerOnly, durable: true);
        return true;
    }

    private JsonObject? Read() => Files.TryReadAll(path) is { Length: > 0 } bytes
        ? Parse(() => JsonNode.Parse(Encoding.UTF8.GetString(bytes))) as JsonObject ?? throw Invalid(null)
        : null;

    private T Parse<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Invalid(error);
        }
    }

    private ContainerEngineException Invalid(Exception? cause) => new(ErrorKind.InvalidArgument, "ConfigurationInvalid",
        $"the auth file {path} is not valid JSON", path, "correct it, or remove it and log in again", cause);
}
