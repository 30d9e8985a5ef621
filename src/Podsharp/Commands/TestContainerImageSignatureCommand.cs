using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerImageSignature: whether the trust policy accepts images that are at a registry.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerImageSignature")]
[OutputType(typeof(ImageVerification), typeof(bool))]
public sealed class TestContainerImageSignatureCommand : RegistryCmdlet
{
    /// <summary>Images at a registry, by name.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image", "Destination")]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The image to choose of a list: OS/ARCH[/VARIANT]; the host's when not given.</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform? Platform { get; set; }

    /// <summary>The policy.json to ask, instead of the user's or the host's.</summary>
    [Parameter]
    public string? SignaturePolicy { get; set; }

    /// <summary>Emits true or false only.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, () => VerifyAsync(name));
    }

    private async Task VerifyAsync(string name)
    {
        var registry = BuildRegistryOptions() with { SignaturePolicy = FullPath(SignaturePolicy) };
        var verified = await Engine.VerifyImageAsync(new ImageVerifyRequest { Image = name, Platform = Platform, Registry = registry }, Cancellation);
        await (Quiet ? EmitAsync(verified.IsAccepted) : EmitAsync(verified));
    }
}
