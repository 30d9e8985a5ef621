namespace Podsharp.Engine.Secrets;

/// <summary>Keeps the values of secrets by their ids. No error of a driver may hold a value, nor what a program wrote that had it.</summary>
internal interface ISecretDriver
{
    /// <summary>Keeps a value.</summary>
    void Store(string id, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>A value; null where there is none of that id.</summary>
    byte[]? Find(string id, CancellationToken cancellationToken);

    /// <summary>Forgets a value; one that isn't there is no error.</summary>
    void Delete(string id, CancellationToken cancellationToken);
}
