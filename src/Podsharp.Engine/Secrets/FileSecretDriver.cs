using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>podman's file driver: <c>secretsdata.json</c> holds the values in base64 by id, readable for the owner alone; <c>secretsdata.lock</c> is the
/// lock that podman takes, too.</summary>
/// <param name="directory">The directory of both.</param>
internal sealed class FileSecretDriver(string directory) : ISecretDriver
{
    private const uint OwnerOnly = 0x180; // 0600
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700

    private string File => Path.Combine(directory, "secretsdata.json");

    private string LockFile => Path.Combine(directory, "secretsdata.lock");

    /// <inheritdoc/>
    public void Store(string id, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Files.MakeDirectories(directory, OwnerOnlyDirectory, OwnerOnlyDirectory);
        using var held = FileLock.Acquire(LockFile, LockMode.Exclusive, cancellationToken);
        var values = Read();
        values[id] = Convert.ToBase64String(value.Span);
        Write(values);
    }

    /// <inheritdoc/>
    public byte[]? Find(string id, CancellationToken cancellationToken)
    {
        if (Files.TryStatus(File) is null)
            return null;
        using var held = FileLock.Acquire(LockFile, LockMode.Shared, cancellationToken);
        try
        {
            return Read()[id] is { } value ? Convert.FromBase64String(value.GetValue<string>()) : null;
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw Damaged();
        }
    }

    /// <inheritdoc/>
    public void Delete(string id, CancellationToken cancellationToken)
    {
        if (Files.TryStatus(File) is null)
            return;
        using var held = FileLock.Acquire(LockFile, LockMode.Exclusive, cancellationToken);
        var values = Read();
        if (values.Remove(id))
            Write(values);
    }

    private JsonObject Read()
    {
        if (Files.TryReadAll(File) is not { Length: > 0 } bytes)
            return [];
        try
        {
            return JsonNode.Parse(bytes) as JsonObject ?? throw Damaged();
        }
        catch (JsonException)
        {
            throw Damaged();
        }
    }

    private void Write(JsonObject values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            values.WriteTo(writer);
        Files.Replace(File, stream.GetBuffer().AsSpan(0, (int)stream.Length), OwnerOnly, durable: true);
    }

    // Without the reader's own error: that may quote what it has read.
    private ContainerEngineException Damaged() => new(ErrorKind.DataCorrupt, "SecretsCorrupt", $"the values of secrets in {File} can't be read: it is not what podman writes", File,
        "restore it from a backup, or remove the secrets and make them anew");
}
