using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>New-ContainerVolume: makes volumes.</summary>
[Cmdlet(VerbsCommon.New, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class NewContainerVolumeCommand : EngineCmdlet
{
    /// <summary>Names; an invented one when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Local, or Image for an image's files (-Option @{ image = 'NAME' }).</summary>
    [Parameter]
    [ValidateSet("Local", "Image")]
    public string Driver { get; set; } = "Local";

    /// <summary>The driver's options, a hashtable or NAME=value strings: type, device and o of mount(8), copy, nocopy; image.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Option { get; set; }

    /// <summary>Labels: a hashtable, or NAME=value strings.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>The owner of its directory, which containers then leave alone.</summary>
    [Parameter]
    [Alias("Uid")]
    public uint? UserId { get; set; }

    /// <summary>The group of its directory.</summary>
    [Parameter]
    [Alias("Gid")]
    public uint? GroupId { get; set; }

    /// <summary>Leaves a volume of that name as it is, and emits it.</summary>
    [Parameter]
    [Alias("Ignore")]
    public SwitchParameter IfNotExists { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var name in Name.Length > 0 ? Name : [""])
        {
            var spec = new VolumeSpec
            {
                Name = name,
                Driver = Driver.ToLowerInvariant(),
                Options = DictionaryTransformationAttribute.ToStrings(Option),
                Labels = DictionaryTransformationAttribute.ToStrings(Label),
                UserId = UserId,
                GroupId = GroupId,
                Ignore = IfNotExists,
            };
            if (ShouldProcess(name.Length > 0 ? name : "a volume of an invented name", "Make volume"))
                Run(name, async () => await EmitAsync(await Engine.CreateVolumeAsync(spec, Cancellation)));
        }
    }
}
