using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Makes messages signed with OpenPGP, with keys that gpg or sq keeps for the user.</summary>
internal static class OpenPgpSigner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Has gpg sign.</summary>
    /// <param name="key">The key's fingerprint or another of its names.</param>
    /// <param name="content">What to sign.</param>
    /// <param name="passphrase">The key's passphrase; null leaves it to gpg's agent.</param>
    /// <param name="environment">Where gpg is, and its environment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">MissingComponent; SigningFailed, with what gpg says.</exception>
    internal static byte[] SignByGpg(string key, byte[] content, string? passphrase, ConfigurationEnvironment environment, CancellationToken cancellationToken) =>
        InDirectory(content, (input, output) =>
        {
            string[] secret = passphrase is null ? [] : ["--pinentry-mode", "loopback", "--passphrase-fd", "0"];
            var (_, _, error) = GpgProgram.Run([.. secret, "--local-user", key, "--output", output, "--sign", input], environment, passphrase is null ? null : passphrase + "\n", cancellationToken);
            return error;
        }, "gpg", key);

    /// <summary>Has sq sign.</summary>
    /// <inheritdoc cref="SignByGpg"/>
    internal static byte[] SignBySequoia(string key, byte[] content, string? passphrase, ConfigurationEnvironment environment, CancellationToken cancellationToken) =>
        InDirectory(content, (input, output) =>
        {
            var program = environment.FindProgram("sq") ?? throw EngineErrors.MissingComponent("sq", "to sign with keys of Sequoia", "sq");
            // In memory: a passphrase has no business on a disk.
            using var secret = passphrase is null ? null : MemoryFile.Create("podsharp-passphrase");
            if (secret is not null)
                RandomAccess.Write(secret, Encoding.UTF8.GetBytes(passphrase!), 0);
            return Programs.Run(new SpawnRequest
            {
                Path = program,
                Arguments = [program, "sign", "--batch", .. secret is null ? Array.Empty<string>() : ["--password-file", "/dev/fd/3"], "--signer", key, "--message", "--binary", "--output", output, input],
                Environment = [.. environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")],
                Descriptors = secret is null ? new Dictionary<int, SafeHandle>() : new Dictionary<int, SafeHandle> { [3] = secret },
            }, s_patience, cancellationToken).Error.Trim();
        }, "sq", key);

    private static byte[] InDirectory(byte[] content, Func<string, string, string> sign, string program, string key)
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-sign-");
        try
        {
            var (input, output) = (Path.Combine(directory.FullName, "content"), Path.Combine(directory.FullName, "signed"));
            File.WriteAllBytes(input, content);
            string said;
            try
            {
                said = sign(input, output);
            }
            catch (Exception error) when (error is TimeoutException or LinuxException)
            {
                throw Failed(program, key, error.Message, error);
            }
            return File.Exists(output) && new FileInfo(output).Length > 0 ? File.ReadAllBytes(output) : throw Failed(program, key, said.ReplaceLineEndings("; "), null);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static ContainerEngineException Failed(string program, string key, string why, Exception? cause) => new(ErrorKind.InvalidArgument, "SigningFailed",
        $"{program} can't sign with the key {key}: {why}", key, program == "gpg" ? "see gpg --list-secret-keys" : "see sq key list", cause);
}
