using Podsharp.Engine.Configuration;

namespace Podsharp.Engine.Secrets;

/// <summary>Values are kept by commands of the user's, which get the id in <c>SECRET_ID</c> and the value on standard input.</summary>
internal sealed class ShellSecretDriver(string store, string lookup, string delete, ConfigurationEnvironment environment) : ISecretDriver
{
    private const string Shell = "/bin/sh";

    /// <inheritdoc/>
    public void Store(string id, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (Run(store, id, value, cancellationToken) is null)
            throw SecretProgram.Failed(store, $"the store command of secret {id} ended with an error");
    }

    /// <inheritdoc/>
    public byte[]? Find(string id, CancellationToken cancellationToken) => Run(lookup, id, default, cancellationToken);

    /// <inheritdoc/>
    public void Delete(string id, CancellationToken cancellationToken)
    {
        // A delete command fails for what is gone already; only lookup can tell.
        if (Run(delete, id, default, cancellationToken) is null && Find(id, cancellationToken) is not null)
            throw SecretProgram.Failed(delete, $"the delete command of secret {id} ended with an error");
    }

    private byte[]? Run(string command, string id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => SecretProgram.Run(Shell, ["-c", command],
        environment.Variables.Where(variable => variable.Key != "SECRET_ID").Append(new("SECRET_ID", id)), input, cancellationToken);
}
