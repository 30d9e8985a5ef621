using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerManifestImage: takes images out of lists; the images themselves stay.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerManifestImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class RemoveContainerManifestImageCommand : ThrottledCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>The list: its name or id.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet)]
    [Alias("Manifest")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Digests of images' manifests.</summary>
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    public string[] Digest { get; set; } = [];

    /// <summary>Images of lists, as those have them in their property Images.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerManifestImage[] InputObject { get; set; } = [];

    private protected override void AcceptRecord()
    {
        foreach (var digest in Digest)
            Accept(Name, digest, digest);
        foreach (var image in InputObject)
            Accept(image.Manifest, image.Digest, image);
    }

    private void Accept(string list, string digest, object target)
    {
        if (ShouldProcess(list, $"Remove {digest} from list of images"))
            Run(target, async () => await EmitAsync(await Engine.RemoveManifestImageAsync(list, digest, Cancellation)));
    }
}
