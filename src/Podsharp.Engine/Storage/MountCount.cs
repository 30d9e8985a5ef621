namespace Podsharp.Engine.Storage;

/// <summary>How often a layer is mounted, from mountpoints.json.</summary>
/// <param name="LayerId">The layer.</param>
/// <param name="Path">Where.</param>
/// <param name="Count">How often.</param>
internal sealed record MountCount(string LayerId, string Path, int Count) : IStoreRecord
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Raw { get; } = RecordEditor.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", LayerId);
        writer.WriteString("path", Path);
        writer.WriteNumber("count", Count);
        writer.WriteEndObject();
    });

    /// <inheritdoc/>
    public string Id => LayerId;

    /// <summary>The file is on a tmpfs, so waiting for a disk would be for nothing.</summary>
    public bool IsVolatile => false;
}
