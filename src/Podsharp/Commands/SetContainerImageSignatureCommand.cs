using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Set-ContainerImageSignature: signs images that are at a registry.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerImageSignature", SupportsShouldProcess = true)]
[OutputType(typeof(ImageSignResult))]
public sealed class SetContainerImageSignatureCommand : SigningCmdlet
{
    /// <summary>Images at a registry, by name.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image", "Destination")]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Signs a list and each of its images.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>The directory to write GPG signatures to, instead of the one that registries.d names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Directory { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            if (ShouldProcess(name, "Sign image"))
                Run(name, () => SignAsync(name));
    }

    private async Task SignAsync(string name)
    {
        var request = new ImageSignRequest { Image = name, All = All, Directory = FullPath(Directory), Signing = BuildSigning(), Registry = BuildRegistryOptions() };
        await foreach (var signed in Engine.SignImageAsync(request, Cancellation))
            await EmitAsync(signed);
    }
}
