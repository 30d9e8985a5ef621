namespace Podsharp.Engine.Storage;

/// <summary>One record of layers.json, images.json or containers.json.</summary>
internal interface IStoreRecord
{
    /// <summary>The record's JSON object, byte for byte as read or to be written: whoever wrote it may know more members than
    /// we do, and finer times, so a record is never rebuilt from what was parsed.</summary>
    ReadOnlyMemory<byte> Raw { get; }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    string Id { get; }

    /// <summary>Whether it is kept in the volatile file, which is written without waiting for the disk.</summary>
    bool IsVolatile { get; }
}
