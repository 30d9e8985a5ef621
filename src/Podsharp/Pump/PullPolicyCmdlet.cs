using System.Management.Automation;
using System.Security;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that fetch images, for one platform or for several.</summary>
public abstract class PullPolicyCmdlet : RegistryCmdlet
{
    /// <summary>When to fetch the image.</summary>
    [Parameter]
    public PullPolicy PullPolicy { get; set; } = PullPolicy.Missing;

    /// <summary>The operating system to choose from a multi-platform image.</summary>
    [Parameter]
    public string? OperatingSystem { get; set; }

    /// <summary>The processor architecture to choose from a multi-platform image, for example arm64.</summary>
    [Parameter]
    public string? Architecture { get; set; }

    /// <summary>The variant of the architecture to choose, for example v7.</summary>
    [Parameter]
    public string? Variant { get; set; }

    /// <summary>The policy.json by which images are accepted, instead of the user's or the host's.</summary>
    [Parameter]
    public string? SignaturePolicy { get; set; }

    /// <summary>Private keys that open encrypted layers: files with RSA keys in PEM. What stands behind a colon is the passphrase, or says where it is: key.pem:file=pass.txt.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DecryptionKey { get; set; } = [];

    /// <summary>The passphrase of those of the private keys that have none behind a colon.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? DecryptionPassphrase { get; set; }

    private protected override RegistryOptions BuildRegistryOptions() => base.BuildRegistryOptions() with
    {
        SignaturePolicy = FullPath(SignaturePolicy),
        DecryptionKeys = DecryptionKeys(DecryptionKey, DecryptionPassphrase),
    };
}
