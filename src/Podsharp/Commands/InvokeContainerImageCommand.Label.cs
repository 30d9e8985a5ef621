using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Pump;

namespace Podsharp.Commands;

// Containers that the command in an image's label describes (podman-container-runlabel(1)).
public sealed partial class InvokeContainerImageCommand
{
    // All else is said by the label's command.
    private static readonly HashSet<string> s_besideLabel = new([
        nameof(FromLabel), nameof(LabelVariable), nameof(Image), nameof(Command), nameof(InputObject), nameof(Name), nameof(Replace), nameof(Detach),
        nameof(DetachKey), nameof(PullPolicy), nameof(Platform), nameof(OperatingSystem), nameof(Architecture), nameof(Variant), nameof(Credential), nameof(AuthFile), nameof(CertificateDirectory),
        nameof(SkipCertificateCheck), nameof(RetryCount), nameof(RetryDelay), nameof(ThrottleLimit), .. CommonParameters, .. OptionalCommonParameters,
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs the container as the command in this label of the image says; words behind the image are added to the command.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FromLabel { get; set; }

    /// <summary>With -FromLabel: values of the variables OPT1, OPT2 and OPT3 in the command.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? LabelVariable { get; set; }

    private void StartLabelled(ContainerImage? image, PipelineInput? stdin)
    {
        var name = image is null ? Image : ImageNameTransformationAttribute.NameOf(image);
        if (string.IsNullOrEmpty(name))
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("no image is given", null, "name one, or pipe one in"), null));
        if (MyInvocation.BoundParameters.Keys.FirstOrDefault(key => !s_besideLabel.Contains(key)) is { } other)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument($"-{other} can't be given with -FromLabel: the label's command says how the container is made",
                other, "leave it out, or run the image without -FromLabel"), other));
        var caller = new CallerContext { Directory = FullPath(".")!, Environment = SessionVariables() };
        var label = new RunLabel
        {
            Label = FromLabel!,
            ImageName = name!,
            Name = Name,
            Arguments = image is null || Image is null ? Command : [Image, .. Command],
            Variables = new Dictionary<string, string>(DictionaryTransformationAttribute.ToStrings(LabelVariable), StringComparer.Ordinal)
            {
                ["PWD"] = caller.Directory,
                ["HOME"] = caller.Environment.GetValueOrDefault("HOME", ""),
            },
        };
        var pull = new ImagePullRequest { Reference = name!, Policy = PullPolicy, Platform = ChosenPlatform, Registry = BuildRegistryOptions() };
        Run(name, () => LabelledAsync(label, pull, caller, stdin));
    }

    private async Task LabelledAsync(RunLabel label, ImagePullRequest pull, CallerContext caller, PipelineInput? stdin)
    {
        if (PullPolicy == PullPolicy.Always || (PullPolicy != PullPolicy.Never && !await Engine.ImageExistsAsync(label.ImageName, Cancellation)))
        {
            if (!await AskAsync(label.ImageName, "Pull image"))
                return;
            await PullAsync(pull);
        }
        var command = label.Read(await Engine.InspectImageAsync(label.ImageName, Cancellation));
        var request = RunLabel.ToRequest(command, caller);
        if (!await AskAsync(string.Join(' ', command), "Run container"))
            return;
        var spec = request.Spec with { Replace = request.Spec.Replace || Replace, Input = request.Spec.Input || stdin is not null };
        await (Detach || request.Detach ? DetachedAsync(spec) : AttachedAsync(spec, stdin));
    }

    private async Task<bool> AskAsync(string target, string action)
    {
        var yes = false;
        await OnPipelineAndWaitAsync(() => yes = ShouldProcess(target, action));
        return yes;
    }
}
