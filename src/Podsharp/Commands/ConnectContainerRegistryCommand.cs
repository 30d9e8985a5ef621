using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Connect-ContainerRegistry: checks credentials at registries and stores them.</summary>
[Cmdlet(VerbsCommunications.Connect, "ContainerRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(RegistrySession))]
public sealed class ConnectContainerRegistryCommand : RegistryCmdlet
{
    /// <summary>Registries: HOST[:PORT], followed by a namespace or a repository for credentials of that part only. Without one, the first that
    /// registries.conf searches.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    /// <summary>A file in the format of Docker's config.json to store the credentials in, in place of the auth file.</summary>
    [Parameter]
    public string? CompatibleAuthFile { get; set; }

    private protected override void AcceptRecord()
    {
        var options = BuildRegistryOptions();
        var compatible = FullPath(CompatibleAuthFile);
        foreach (var registry in Registry.Length > 0 ? Registry : new string?[] { null })
            if (ShouldProcess(registry ?? "the default registry", "Log in"))
                Run(registry, () => ConnectAsync(new RegistryLoginRequest { Registry = registry, Options = options, CompatibleAuthFile = compatible }));
    }

    private async Task ConnectAsync(RegistryLoginRequest request)
    {
        if (Credential is null && await Engine.FindRegistrySessionAsync(request, Cancellation) is null)
            request = await WithCredentialAsync(request);
        await EmitAsync(await Engine.ConnectRegistryAsync(request, Cancellation));
    }

    // Nothing given and nothing stored: what a mandatory parameter would do.
    private async Task<RegistryLoginRequest> WithCredentialAsync(RegistryLoginRequest request)
    {
        PSCredential? credential = null;
        await AskAsync(() => credential = Host.UI.PromptForCredential("Log in to a registry",
            $"User name and password for {request.Registry ?? "the default registry"}", null, request.Registry ?? ""));
        if (credential is null)
            throw EngineErrors.InvalidArgument("no credentials were given", request.Registry, "pass -Credential");
        return request with { Options = request.Options with { UserName = credential.UserName, Password = credential.GetNetworkCredential().Password } };
    }
}
