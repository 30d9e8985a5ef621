using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Disconnect-ContainerRegistry: forgets the credentials of registries.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ContainerRegistry", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectContainerRegistryCommand : EngineCmdlet
{
    private const string NameSet = "Registry";
    private const string AllSet = "All";

    /// <summary>Registries, or parts of them, as they were logged in to. Without one, the first that registries.conf searches.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    /// <summary>Forgets the credentials of all registries.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <summary>The auth.json to change.</summary>
    [Parameter]
    public string? AuthFile { get; set; }

    /// <summary>A file in the format of Docker's config.json to change, in place of the auth file.</summary>
    [Parameter]
    public string? CompatibleAuthFile { get; set; }

    private protected override void AcceptRecord()
    {
        var request = new RegistryLogoutRequest { All = All, AuthFile = FullPath(AuthFile), CompatibleAuthFile = FullPath(CompatibleAuthFile) };
        foreach (var registry in Registry.Length > 0 ? Registry : new string?[] { null })
            if (ShouldProcess(All ? "all registries" : registry ?? "the default registry", "Log out"))
                Run(registry, () => Engine.DisconnectRegistryAsync(request with { Registry = registry }, Cancellation));
    }
}
