using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Security;
using Podsharp.Model;
using Podsharp.Orchestration.Images;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that talk to registries: the parameters that say how, and as whom.</summary>
public abstract class RegistryCmdlet : ThrottledCmdlet
{
    /// <summary>User name and password for the registry.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The auth.json to read.</summary>
    [Parameter]
    public string? AuthFile { get; set; }

    /// <summary>A directory with the registry's certificate authority (*.crt) and the client's certificate (*.cert, *.key).</summary>
    [Parameter]
    public string? CertificateDirectory { get; set; }

    /// <summary>Skips certificate checks and allows plain http.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Retries after transient failures.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int? RetryCount { get; set; }

    /// <summary>The wait between retries.</summary>
    [Parameter]
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>The engine's registry options from the parameters.</summary>
    private protected virtual RegistryOptions BuildRegistryOptions() =>
        Options(Credential, FullPath(AuthFile), FullPath(CertificateDirectory), SkipCertificateCheck) with { Retry = RetryCount, RetryDelay = RetryDelay };

    /// <summary>Private keys from the words for them, with a passphrase for those that bring none.</summary>
    private protected IReadOnlyList<DecryptionKey> DecryptionKeys(IEnumerable<string> words, SecureString? passphrase) =>
        [.. EncryptionOptions.DecryptionKeys(words, path => FullPath(path)!).Select(key => key.Passphrase is null && passphrase is not null ? key with { Passphrase = Reveal(passphrase) } : key)];

    /// <summary>The text of a secret.</summary>
    private protected static string Reveal(SecureString secret)
    {
        var memory = Marshal.SecureStringToBSTR(secret);
        try
        {
            return Marshal.PtrToStringBSTR(memory);
        }
        finally
        {
            Marshal.ZeroFreeBSTR(memory);
        }
    }

    /// <summary>The engine's registry options from such parameters.</summary>
    internal static RegistryOptions Options(PSCredential? credential, string? authFile, string? certificateDirectory, bool skipCertificateCheck) => new()
    {
        UserName = credential?.UserName,
        Password = credential?.GetNetworkCredential().Password,
        AuthFile = authFile,
        CertificateDirectory = certificateDirectory,
        TlsVerify = skipCertificateCheck ? false : null,
    };
}
