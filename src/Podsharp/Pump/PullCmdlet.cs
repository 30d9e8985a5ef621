using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that fetch images: the parameters that say when and which.</summary>
public abstract class PullCmdlet : RegistryCmdlet
{
    /// <summary>When to fetch the image.</summary>
    [Parameter]
    public PullPolicy PullPolicy { get; set; } = PullPolicy.Missing;

    /// <summary>The platform to choose from a multi-platform image: OS/ARCH[/VARIANT].</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform? Platform { get; set; }
}
