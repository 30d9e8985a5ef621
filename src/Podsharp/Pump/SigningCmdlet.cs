using System.Management.Automation;
using System.Security;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that sign images: the parameters that say with which keys.</summary>
public abstract class SigningCmdlet : RegistryCmdlet
{
    /// <summary>The GPG key to sign with: its fingerprint, or an address.</summary>
    [Parameter]
    [Alias("SignBy")]
    [ValidateNotNullOrEmpty]
    public string? GpgKey { get; set; }

    /// <summary>The fingerprint of a key of Sequoia (sq) to sign with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SequoiaKey { get; set; }

    /// <summary>A file with a private key to sign with, as cosign generate-key-pair makes it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SigstoreKey { get; set; }

    /// <summary>A file that says how to sign (containers-sigstore-signing-params.yaml).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SigstoreParameterFile { get; set; }

    /// <summary>The key's passphrase. A GPG key's may be known to its agent.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Passphrase { get; set; }

    /// <summary>How to sign, from the parameters.</summary>
    private protected ImageSigning BuildSigning() => new()
    {
        GpgKey = GpgKey,
        SequoiaKey = SequoiaKey,
        SigstoreKeyFile = FullPath(SigstoreKey),
        SigstoreParameterFile = FullPath(SigstoreParameterFile),
        Passphrase = Passphrase is null ? null : Reveal(Passphrase),
    };
}
