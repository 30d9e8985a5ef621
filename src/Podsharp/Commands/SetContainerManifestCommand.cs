using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Set-ContainerManifest: sets what a list of images says of itself.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerManifest", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class SetContainerManifestCommand : ManifestCmdlet
{
    /// <summary>Annotations to set.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Annotation { get; set; }

    /// <summary>The image that the list is about: its name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Subject { get; set; }

    private protected override void AcceptRecord()
    {
        var request = new ManifestAnnotateRequest { ListAnnotations = DictionaryTransformationAttribute.ToStrings(Annotation), Subject = Subject, Registry = BuildRegistryOptions() };
        var key = Key;
        if (ShouldProcess(Display, "Annotate list of images"))
            Run(ErrorTarget, async () => await EmitAsync(await Engine.AnnotateManifestAsync(key, request, Cancellation)));
    }
}
