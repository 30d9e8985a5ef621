using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>ConvertTo-ContainerImage: makes images of containers and emits them.</summary>
[Cmdlet(VerbsData.ConvertTo, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
[Alias("Commit-Container")]
public sealed class ConvertToContainerImageCommand : ContainerCmdlet
{
    /// <summary>The name to give the image; without one it is known by its id only.</summary>
    [Parameter(Position = 1)]
    [Alias("Repository", "Tag")]
    [ValidateNotNullOrEmpty]
    public string? Reference { get; set; }

    /// <summary>The image's author.</summary>
    [Parameter]
    public string Author { get; set; } = "";

    /// <summary>A comment, which only -Format Docker has room for.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    /// <summary>Containerfile instructions to apply: 'CMD ["sh"]', 'ENV A=b', 'WORKDIR /srv'.</summary>
    [Parameter]
    public string[] Change { get; set; } = [];

    /// <summary>An image configuration to lay over the container's, as JSON: '{"Cmd": ["sh"], "Labels": {"a": "b"}}'.</summary>
    [Parameter]
    [Alias("Config")]
    [ValidateNotNullOrEmpty]
    public string? Configuration { get; set; }

    /// <summary>The form of the image: Oci or Docker.</summary>
    [Parameter]
    public ImageFormat Format { get; set; }

    /// <summary>Makes volumes of all mounts, not only of anonymous volumes.</summary>
    [Parameter]
    public SwitchParameter IncludeVolume { get; set; }

    /// <summary>Freezes a running container while its files are read.</summary>
    [Parameter]
    public SwitchParameter Pause { get; set; }

    /// <summary>Makes one layer of all.</summary>
    [Parameter]
    public SwitchParameter Squash { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (!ShouldProcess(target.Display, Reference is null ? "Make image of container" : $"Make image {Reference} of container"))
            return;
        var request = new ContainerCommitRequest
        {
            Reference = Reference,
            Author = Author,
            Message = Message,
            Changes = Change,
            Configuration = Configuration,
            Format = Format,
            IncludeVolumes = IncludeVolume,
            Pause = Pause,
            Squash = Squash,
        };
        Run(target.ErrorTarget, async () => await EmitAsync(await Engine.CommitContainerAsync(target.Key, request, Cancellation)));
    }
}
