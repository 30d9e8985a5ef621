using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <content>Images where they are, without fetching them.</content>
public sealed partial class GetContainerImageCommand
{
    private const string RemoteSet = "Remote";

    /// <summary>Looks at images where they are, without fetching them: names at a registry, or places like docker://NAME, oci:DIRECTORY, oci-archive:FILE.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemoteSet)]
    public SwitchParameter Remote { get; set; }

    /// <summary>Which image of a list is looked at, for example linux/arm64; the one for this host if it isn't given.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public ImagePlatform? Platform { get; set; }

    /// <summary>Lists the tags of the repository, too.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public SwitchParameter Tag { get; set; }

    /// <summary>Reads no more than the manifest that the name stands for: no configuration, no image of a list.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public SwitchParameter ManifestOnly { get; set; }

    /// <summary>User name and password for the registry.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The auth.json to read.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public string? AuthFile { get; set; }

    /// <summary>A directory with the registry's certificate authority (*.crt) and the client's certificate (*.cert, *.key).</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public string? CertificateDirectory { get; set; }

    /// <summary>Skips certificate checks and allows plain http.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    private void InspectRemote()
    {
        foreach (var name in Name ?? [])
            Run(name, async () => await EmitAsync(await Engine.InspectRemoteImageAsync(new()
            {
                Source = ImagePlaces.Resolve(name, path => FullPath(path)!),
                Platform = Platform,
                Tags = Tag,
                ManifestOnly = ManifestOnly,
                Registry = RegistryCmdlet.Options(Credential, FullPath(AuthFile), FullPath(CertificateDirectory), SkipCertificateCheck),
            }, Cancellation)));
    }
}
