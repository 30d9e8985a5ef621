using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Certificates for one registry: containers-certs.d(5). <c>*.crt</c> are authorities, <c>NAME.cert</c> with
/// <c>NAME.key</c> is a client certificate.</summary>
/// <param name="Authorities">Authorities to trust besides the system's.</param>
/// <param name="ClientCertificates">Client certificates with their private keys.</param>
internal sealed record CertificateDirectory(X509Certificate2Collection Authorities, X509Certificate2Collection ClientCertificates)
{
    /// <summary>Reads the first directory that exists for a host; empty for none.</summary>
    /// <param name="host">Host, with its port where it has one.</param>
    /// <param name="explicitDirectory">The only directory to look at, or null for the usual ones.</param>
    /// <param name="environment">Where the usual ones are.</param>
    /// <exception cref="ContainerEngineException">A file is malformed, a key is missing, or the explicit directory is absent.</exception>
    internal static CertificateDirectory Load(string host, string? explicitDirectory, ConfigurationEnvironment environment)
    {
        var found = new CertificateDirectory([], []);
        if ((explicitDirectory ?? Find(host, environment)) is not { } directory)
        {
            return found;
        }
        if (!Directory.Exists(directory))
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "CertificateDirectoryNotFound",
                $"the certificate directory {directory} does not exist", directory);
        }
        foreach (var file in List(directory, explicitDirectory is not null))
        {
            found.Add(file);
        }
        return found;
    }

    // The host's directories may be for root alone: an ordinary user then has no certificates, as with podman.
    private static IReadOnlyList<string> List(string directory, bool isExplicit)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException error)
        {
            return isExplicit ? throw Invalid(directory, "can't be read", error) : [];
        }
    }

    private static string? Find(string host, ConfigurationEnvironment environment)
    {
        string[] roots =
        [
            // As containers/image has it, whatever XDG_CONFIG_HOME says.
            Path.Combine(environment.HomeDirectory, ".config/containers/certs.d"),
            environment.SystemPath("/etc/containers/certs.d"),
            environment.SystemPath("/etc/docker/certs.d"),
        ];
        return roots.Select(root => Path.Combine(root, host)).FirstOrDefault(Directory.Exists);
    }

    private void Add(string file)
    {
        try
        {
            switch (Path.GetExtension(file))
            {
                case ".crt":
                    Authorities.ImportFromPemFile(file);
                    break;
                case ".cert":
                    ClientCertificates.Add(X509Certificate2.CreateFromPemFile(file, Path.ChangeExtension(file, ".key")));
                    break;
                case ".key" when !File.Exists(Path.ChangeExtension(file, ".cert")):
                    throw Invalid(file, "has no .cert file of the same name beside it", null);
            }
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Invalid(file, "can't be read as a PEM certificate with its key", error);
        }
    }

    private static ContainerEngineException Invalid(string file, string problem, Exception? cause) =>
        new(ErrorKind.InvalidArgument, "CertificateInvalid", $"{file} {problem}", file, "see containers-certs.d(5)", cause);
}
