using System.Security.Cryptography;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Secrets.</content>
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ContainerSecret> ListSecretsAsync(SecretQuery query, CancellationToken cancellationToken) =>
        Sequence(() => parts.Secrets.List(query), cancellationToken);

    public Task<ContainerSecret> InspectSecretAsync(string nameOrId, CancellationToken cancellationToken) => Run(() => parts.Secrets.Get(nameOrId), cancellationToken);

    public Task<bool> SecretExistsAsync(string nameOrId, CancellationToken cancellationToken) => Run(() =>
    {
        try
        {
            parts.Secrets.Get(nameOrId);
            return true;
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }, cancellationToken);

    public async Task ReadSecretAsync(string nameOrId, Stream target, CancellationToken cancellationToken)
    {
        var value = await Run(() => parts.Secrets.Value(nameOrId, cancellationToken), cancellationToken);
        await target.WriteAsync(value, cancellationToken);
        CryptographicOperations.ZeroMemory(value);
    }

    public async Task<ContainerSecret> CreateSecretAsync(SecretSpec spec, Stream value, CancellationToken cancellationToken)
    {
        // As long as the shortest value that is too long: so that is noticed.
        var buffer = new byte[SecretSpec.MaximumSize];
        try
        {
            var length = await value.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return await RunWaiting(() => parts.Secrets.Create(spec, buffer.AsMemory(0, length), cancellationToken), cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    public Task<string> RemoveSecretAsync(string nameOrId, CancellationToken cancellationToken) => RunWaiting(() => parts.Secrets.Remove(nameOrId, cancellationToken), cancellationToken);
}
