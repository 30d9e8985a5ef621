using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Terminal;

namespace Podsharp.Commands;

/// <summary>Invoke-ContainerImage: makes a container, runs it and emits its output, a string a line; or leaves it running.</summary>
/// <remarks>Images may come through the pipeline: then all words are the command's. Other pipeline objects are the container's input.</remarks>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
[OutputType(typeof(Container))]
[Alias("Run-ContainerImage")]
public sealed partial class InvokeContainerImageCommand : SpecCmdlet
{
    // A container that Ctrl+C interrupts gets this long to end by itself, in seconds.
    private const int InterruptGrace = 2;

    private PipelineInput? input;

    /// <summary>Images to run; anything else is the container's standard input, line by line.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Leaves the container running and emits it.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>With -Terminal: the keys that leave the container running; '' for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string DetachKey { get; set; } = "ctrl-p,ctrl-q";

    private protected override int Parallelism => Detach ? base.Parallelism : 1;

    private protected override bool IsSaturated => input?.IsFull == true;

    private protected override void ReportFailure(Exception failure) => ReportNotRun(failure);

    private protected override void AcceptRecord()
    {
        var value = TransformationAttribute.Unwrap(InputObject);
        if (value is ContainerImage image)
            Start(image, null);
        else if (!MyInvocation.ExpectingInput && value is null)
            Start(null, null);
        else
        {
            if (input is null)
            {
                input = new PipelineInput();
                Start(null, input);
            }
            input.Add(value ?? "");
        }
    }

    private protected override void AcceptEnd() => input?.Complete();

    private void Start(ContainerImage? image, PipelineInput? stdin)
    {
        if (FromLabel is not null)
        {
            StartLabelled(image, stdin);
            return;
        }
        ContainerSpec spec;
        try
        {
            spec = BuildSpec(image);
        }
        catch (ContainerEngineException error)
        {
            ThrowTerminatingError(ErrorRecords.Create(error, Image));
            return;
        }
        if (stdin is not null)
            spec = spec with { Input = true };
        var what = spec.RootFs ?? spec.Image;
        if (ShouldProcess(spec.Name is null ? what : $"{spec.Name} ({what})", "Run container"))
            Run(spec.Name ?? what, () => Detach ? DetachedAsync(spec) : AttachedAsync(spec, stdin));
    }

    private async Task DetachedAsync(ContainerSpec spec)
    {
        var container = await CreateAsync(spec with { CheckPorts = true });
        await EmitAsync(await StartAsync(container, spec));
    }

    private async Task AttachedAsync(ContainerSpec spec, PipelineInput? stdin)
    {
        var container = await CreateAsync(spec with { CheckPorts = true });
        try
        {
            await using var stream = await Engine.AttachContainerAsync(container.Id,
                new AttachOptions { Input = spec.Input, Size = spec.Terminal ? UserTerminal.Size : null }, Cancellation);
            await StartAsync(container, spec);
            var exit = Engine.WaitContainerAsync(container.Id, [WaitCondition.Exited], Cancellation);
            if (spec.Terminal || (spec.Input && stdin is null))
            {
                if (await TerminalSession.RunAsync(stream, spec.Input && stdin is null, spec.Terminal, DetachKey, Cancellation))
                    return;
            }
            else
                await RelayAsync(stream, stdin);
            var exitCode = (await exit).ExitCode;
            await OnPipelineAsync(() => ReportExit(exitCode, $"container \"{container.Name}\"", container));
        }
        catch (OperationCanceledException)
        {
            // As a native command would, it ends with Ctrl+C.
            await Engine.StopContainerAsync(container.Id, new StopOptions { Timeout = InterruptGrace, Ignore = true }, CancellationToken.None);
            throw;
        }
    }

    // One that can't be started is not left behind if it was to be removed anyway.
    private async Task<Container> StartAsync(Container container, ContainerSpec spec)
    {
        try
        {
            return await Engine.StartContainerAsync(container.Id, Cancellation);
        }
        catch when (spec.AutoRemove)
        {
            await Engine.RemoveContainerAsync(container.Id, new RemoveOptions { Force = true, Volumes = true, Ignore = true }, CancellationToken.None);
            throw;
        }
    }
}
