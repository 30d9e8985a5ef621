namespace Podsharp.Model;

/// <summary>How images are signed. Several kinds may be asked for at once.</summary>
public sealed record ImageSigning
{
    /// <summary>A GPG key of the engine's user, by its fingerprint or another of its names.</summary>
    public string? GpgKey { get; init; }
    /// <summary>The fingerprint of an OpenPGP key that Sequoia (sq) keeps.</summary>
    public string? SequoiaKey { get; init; }
    /// <summary>A file on the engine's host with a private key as cosign and skopeo make them.</summary>
    public string? SigstoreKeyFile { get; init; }
    /// <summary>A file on the engine's host that says how to sign (containers-sigstore-signing-params.yaml(5)).</summary>
    public string? SigstoreParameterFile { get; init; }
    /// <summary>The key's passphrase; null where an agent knows it, or where there is none.</summary>
    public string? Passphrase { get; init; }
    /// <summary>The name to sign for; the image's own when null.</summary>
    public string? Identity { get; init; }

    /// <summary>Whether anything is asked for.</summary>
    public bool IsEmpty => GpgKey is null && SequoiaKey is null && SigstoreKeyFile is null && SigstoreParameterFile is null;

    // A passphrase must not get into a log with the rest.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("GpgKey = ").Append(GpgKey).Append(", SequoiaKey = ").Append(SequoiaKey).Append(", SigstoreKeyFile = ").Append(SigstoreKeyFile);
        return true;
    }
}
