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
public sealed class RequestContainerImageCommand : ThrottledCmdlet
{
    /// <summary>Image references: docker.io/library/alpine:3.22, or a short name.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image")]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>When to fetch.</summary>
    [Parameter]
    public PullPolicy PullPolicy { get; set; } = PullPolicy.Always;

    /// <summary>The platform to choose from a multi-platform image: OS/ARCH[/VARIANT].</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform? Platform { get; set; }

    /// <summary>User name and password for the registry.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The auth.json to read.</summary>
    [Parameter]
    public string? AuthFile { get; set; }

    /// <summary>A directory with the registry's certificate authority (*.crt) and the client's certificate (*.cert, *.key).</summary>
    [Parameter]
    public string? CertificateDirectory { get; set; }

    /// <summary>Skips certificate checks and allows plain http.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Retries after transient failures.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int? RetryCount { get; set; }

    /// <summary>The wait between retries.</summary>
    [Parameter]
    public TimeSpan? RetryDelay { get; set; }

    // An image's layers come in parallel already.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 3;

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            if (ShouldProcess(name, "Pull image"))
                Run(name, async () => await EmitAsync(await PullAsync(Request(name))));
    }

    private ImagePullRequest Request(string name) => new()
    {
        Reference = name,
        Policy = PullPolicy,
        Platform = Platform,
        Registry = PullSettings.Create(Credential, FullPath(AuthFile), FullPath(CertificateDirectory), SkipCertificateCheck, RetryCount, RetryDelay),
    };
}
