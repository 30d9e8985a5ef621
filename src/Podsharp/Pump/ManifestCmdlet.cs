using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on one list of images named by name, id or object, and talk to registries.</summary>
public abstract class ManifestCmdlet : RegistryCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string ObjectSet = "InputObject";

    /// <summary>The list: its name or id.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet)]
    [Alias("Manifest")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The list.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerManifest? InputObject { get; set; }

    /// <summary>What the engine is asked for.</summary>
    private protected string Key => InputObject?.Id ?? Name;

    /// <summary>What people are shown.</summary>
    private protected string Display => InputObject?.ToString() ?? Name;

    /// <summary>The target object of an error.</summary>
    private protected object ErrorTarget => InputObject ?? (object)Name;
}
