using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Commands;

// The parameters that say for which platforms the image is built.
public sealed partial class BuildContainerImageCommand
{
    /// <summary>The platforms to build for: OS/ARCH[/VARIANT]. Of several, the images go into a list that gets the names.</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform[] Platform { get; set; } = [];

    /// <summary>Builds for all platforms that the base images have.</summary>
    [Parameter]
    public SwitchParameter AllPlatform { get; set; }

    /// <summary>The list of images to put the image, or the images of several platforms, into; it is made if it isn't there.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string? Manifest { get; set; }

    /// <summary>The version of the operating system that the image needs.</summary>
    [Parameter]
    public string? OperatingSystemVersion { get; set; }

    /// <summary>Features of the operating system that the image needs.</summary>
    [Parameter]
    public string[] OperatingSystemFeature { get; set; } = [];

    /// <summary>Whether there may be several images.</summary>
    private bool IsMany => Platform.Length > 1 || AllPlatform;

    private ImageBuildRequest WithPlatforms(ImageBuildRequest request)
    {
        if (IsMany && OutputPath?.EndsWith(".tar", StringComparison.Ordinal) == true)
            throw EngineErrors.InvalidArgument("one archive can't hold the files of several platforms", OutputPath, "write them to a directory, or build the platforms one by one");
        return request with
        {
            Platform = ImagePlatform.Choose(Platform.FirstOrDefault(), OperatingSystem, Architecture, Variant),
            Platforms = Platform.Length > 1 ? Platform : [],
            AllPlatforms = AllPlatform,
            List = Manifest,
            OsVersion = OperatingSystemVersion,
            OsFeatures = OperatingSystemFeature,
        };
    }
}
