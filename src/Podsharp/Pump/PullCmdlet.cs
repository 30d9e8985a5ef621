using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that fetch images: the parameters that say when and which.</summary>
public abstract class PullCmdlet : PullPolicyCmdlet
{
    /// <summary>The platform to choose from a multi-platform image: OS/ARCH[/VARIANT].</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform? Platform { get; set; }

    /// <summary>The platform of these parameters.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: both ways of naming it are used.</exception>
    private protected ImagePlatform? ChosenPlatform => ImagePlatform.Choose(Platform, OperatingSystem, Architecture, Variant);
}
