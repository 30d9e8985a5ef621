namespace Podsharp.Engine.Storage;

/// <summary>The records of one store file as they stood at one moment. Immutable, so that it can be handed to any thread.</summary>
internal sealed class StoreSnapshot<T> where T : class, IStoreRecord
{
    private readonly Dictionary<string, T> byId;

    internal StoreSnapshot(IReadOnlyList<T> records)
    {
        Records = records;
        byId = new Dictionary<string, T>(records.Count, StringComparer.Ordinal);
        foreach (var record in records)
            byId.TryAdd(record.Id, record);
    }

    /// <summary>Nothing.</summary>
    internal static StoreSnapshot<T> Empty { get; } = new([]);

    /// <summary>The records in file order, the durable file first.</summary>
    internal IReadOnlyList<T> Records { get; }

    /// <summary>The record with this id, or null.</summary>
    internal T? Find(string id) => byId.GetValueOrDefault(id);
}
