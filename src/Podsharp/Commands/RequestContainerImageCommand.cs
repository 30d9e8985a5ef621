using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Request-ContainerImage: pulls images from registries.</summary>
[Cmdlet(VerbsLifecycle.Request, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
[Alias("Pull-ContainerImage")]
public sealed class RequestContainerImageCommand : PullCmdlet
{
    /// <summary>Who asks for an image by this cmdlet wants the registry's.</summary>
    public RequestContainerImageCommand() => PullPolicy = PullPolicy.Always;

    /// <summary>Image references: docker.io/library/alpine:3.22, or a short name.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image")]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Fetches all tags of a repository; the names have none then.</summary>
    [Parameter]
    public SwitchParameter AllTag { get; set; }

    // An image's layers come in parallel already.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 3;

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            if (ShouldProcess(name, "Pull image"))
                Run(name, () => PullAsync(Request(name), EmitAsync));
    }

    private ImagePullRequest Request(string name) => new()
    {
        Reference = name,
        AllTags = AllTag,
        Policy = PullPolicy,
        Platform = ChosenPlatform,
        Registry = BuildRegistryOptions(),
    };
}
