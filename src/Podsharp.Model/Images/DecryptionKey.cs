namespace Podsharp.Model;

/// <summary>A private key that opens encrypted layers.</summary>
/// <param name="File">A file on the engine's host with an RSA key in PEM.</param>
/// <param name="Passphrase">Its passphrase; null where it has none.</param>
public sealed record DecryptionKey(string File, string? Passphrase)
{
    // A passphrase must not get into a log with the rest.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("File = ").Append(File);
        return true;
    }
}
