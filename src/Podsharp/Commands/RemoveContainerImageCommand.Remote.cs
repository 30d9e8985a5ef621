using System.Management.Automation;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <content>Images at registries.</content>
public sealed partial class RemoveContainerImageCommand
{
    private const string RemoteSet = "Remote";

    /// <summary>Removes an image from the registry of its name, with all its tags there. Many registries don't allow that, and say so.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemoteSet)]
    [ValidateNotNullOrEmpty]
    public string[] Remote { get; set; } = [];

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

    private void RemoveRemote()
    {
        var registry = RegistryCmdlet.Options(Credential, FullPath(AuthFile), FullPath(CertificateDirectory), SkipCertificateCheck);
        foreach (var name in Remote)
            if (ShouldProcess(name, "Remove image from its registry"))
                Run(name, async () => await EmitAsync(await Engine.RemoveRemoteImageAsync(new() { Name = name, Registry = registry }, Cancellation)));
    }
}
