using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that say what a list of images says of an image.</summary>
public abstract class ManifestImageCmdlet : RegistryCmdlet
{
    /// <summary>The processor architecture that the list names, for example arm64.</summary>
    [Parameter]
    public string? Architecture { get; set; }

    /// <summary>The operating system that the list names.</summary>
    [Parameter]
    public string? OperatingSystem { get; set; }

    /// <summary>The variant of the architecture that the list names, for example v7.</summary>
    [Parameter]
    public string? Variant { get; set; }

    /// <summary>The version of the operating system that the list names.</summary>
    [Parameter]
    public string? OperatingSystemVersion { get; set; }

    /// <summary>Features of the operating system that the image needs.</summary>
    [Parameter]
    public string[] OperatingSystemFeature { get; set; } = [];

    /// <summary>Features of the processor that the image needs; Docker's lists alone have them.</summary>
    [Parameter]
    public string[] Feature { get; set; } = [];

    /// <summary>Annotations of the image in the list.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Annotation { get; set; }

    /// <summary>What these parameters ask for.</summary>
    private protected ManifestImageChange Change => new()
    {
        Os = OperatingSystem,
        Architecture = Architecture,
        Variant = Variant,
        OsVersion = OperatingSystemVersion,
        OsFeatures = OperatingSystemFeature,
        Features = Feature,
        Annotations = DictionaryTransformationAttribute.ToStrings(Annotation),
    };
}
