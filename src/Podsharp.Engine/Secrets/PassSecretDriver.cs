using System.Text;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>podman's driver for password stores (pass, gopass): a file <c>ID.gpg</c> for each value, encrypted by GnuPG for the store's key.</summary>
internal sealed class PassSecretDriver : ISecretDriver
{
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700

    private readonly ConfigurationEnvironment environment;
    private readonly string root;
    private readonly string key;
    private readonly string? home;

    /// <summary>Finds the store: the options root, key and gpghomedir, or the user's own.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is no store, or no key for it.</exception>
    internal PassSecretDriver(IReadOnlyDictionary<string, string> options, ConfigurationEnvironment environment)
    {
        this.environment = environment;
        home = options.GetValueOrDefault("gpghomedir");
        string[] usual = [Path.Combine(environment.HomeDirectory, ".password-store"), Path.Combine(environment.HomeDirectory, ".local/share/gopass/stores/root")];
        root = options.GetValueOrDefault("root") ?? usual.FirstOrDefault(Directory.Exists)
            ?? throw EngineErrors.InvalidArgument("there is no password store for the secret driver pass", usual[0], "make one with pass init, or give --driver-opts root=DIRECTORY,key=KEY");
        key = options.GetValueOrDefault("key") ?? KeyOf(root)
            ?? throw EngineErrors.InvalidArgument($"the password store {root} names no key", root, "make it with pass init, or give --driver-opts key=KEY");
    }

    /// <inheritdoc/>
    public void Store(string id, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Files.MakeDirectories(root, OwnerOnlyDirectory, OwnerOnlyDirectory);
        if (Run(["--encrypt", "-r", key, "-o", FileOf(id)], value, cancellationToken) is null)
            throw SecretProgram.Failed("gpg", $"gpg can't encrypt secret {id} for the key {key}");
    }

    /// <inheritdoc/>
    public byte[]? Find(string id, CancellationToken cancellationToken)
    {
        if (Files.TryStatus(FileOf(id)) is null)
            return null;
        return Run(["--decrypt", FileOf(id)], default, cancellationToken) ?? throw SecretProgram.Failed("gpg", $"gpg can't decrypt secret {id}");
    }

    /// <inheritdoc/>
    public void Delete(string id, CancellationToken cancellationToken)
    {
        var errno = Files.TryRemove(FileOf(id));
        if (errno != Errno.NoEntry)
            LinuxError.Check(errno, "remove", FileOf(id));
    }

    private string FileOf(string id) => Path.Combine(root, id + ".gpg");

    // The first line is the store's own key; others read it, too.
    private static string? KeyOf(string root) => Files.TryReadAll(Path.Combine(root, ".gpg-id")) is { } bytes
        && Encoding.UTF8.GetString(bytes).Split('\n')[0].Trim() is { Length: > 0 } key ? key : null;

    private byte[]? Run(string[] arguments, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => SecretProgram.Run(
        SecretProgram.Find("gpg", environment, "to encrypt secrets", "gnupg"), [.. home is null ? Array.Empty<string>() : ["--homedir", home], .. arguments],
        environment.Variables, input, cancellationToken);
}
