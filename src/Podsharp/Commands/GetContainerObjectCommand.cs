using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerObject: everything about what has a name, whatever it is.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerObject")]
[OutputType(typeof(ContainerDetail))]
[OutputType(typeof(ContainerImageDetail))]
[OutputType(typeof(ContainerVolume))]
public sealed class GetContainerObjectCommand : EngineCmdlet
{
    /// <summary>Names, ids or the beginning of ids. A container comes before an image of the same name, that before a volume.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only of this kind.</summary>
    [Parameter]
    [ValidateSet("Container", "Image", "Volume")]
    public string? Type { get; set; }

    /// <summary>Also the sizes of containers, which takes a walk over their layers.</summary>
    [Parameter]
    public SwitchParameter Size { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, () => FindAsync(name));
    }

    private async Task FindAsync(string name)
    {
        if (Wants("Container") && (Type is not null || await Engine.ContainerExistsAsync(name, Cancellation)))
            await EmitAsync(await Engine.InspectContainerAsync(name, Size, Cancellation));
        else if (Wants("Image") && (Type is not null || await Engine.ImageExistsAsync(name, Cancellation)))
            await EmitAsync(await Engine.InspectImageAsync(name, Cancellation));
        else
            await EmitAsync(await VolumeAsync(name) ?? throw (Type is null ? NoSuch(name) : EngineErrors.VolumeNotFound(name)));
    }

    private bool Wants(string type) => Type is null || Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    private async Task<ContainerVolume?> VolumeAsync(string name)
    {
        await foreach (var volume in Engine.ListVolumesAsync(new(), Cancellation))
            if (volume.Name == name)
                return volume;
        return null;
    }

    private static ContainerEngineException NoSuch(string name) => new(ErrorKind.NotFound, "ObjectNotFound", $"no such object: \"{name}\"", name,
        "there is neither a container nor an image nor a volume of that name");
}
