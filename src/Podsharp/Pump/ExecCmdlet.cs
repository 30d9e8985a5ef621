using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that run a command in running containers.</summary>
/// <remarks>Containers may come through the pipeline: then all words are the command's. Other pipeline objects are its input.</remarks>
public abstract class ExecCmdlet : ThrottledCmdlet
{
    private PipelineInput? input;

    /// <summary>Names, wildcards or ids of running containers. When containers come through the pipeline, the command may begin here.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The command and its arguments. Words that begin with a dash stand behind --.</summary>
    [Parameter(Position = 1, ValueFromRemainingArguments = true)]
    [CommandTransformation]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>Containers to run the command in; anything else is the command's standard input, line by line.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>USER[:GROUP]; the container's when not given.</summary>
    [Parameter]
    public string? User { get; set; }

    /// <summary>Variables on top of the container's: a hashtable, NAME=value, or NAME to pass the session's value on.</summary>
    [Parameter]
    [DictionaryTransformation(Environment = true)]
    public Hashtable? Environment { get; set; }

    /// <summary>The working directory; the container's when not given.</summary>
    [Parameter]
    public string? WorkingDirectory { get; set; }

    /// <summary>All capabilities.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    private protected override bool IsSaturated => input?.IsFull == true;

    /// <summary>Runs the command in a container; off the pipeline thread.</summary>
    private protected abstract Task ExecuteAsync(ContainerTarget target, ExecSpec spec, PipelineInput? input);

    /// <summary>What is done, for ShouldProcess.</summary>
    private protected virtual string Action => "Run command";

    private protected override void ReportFailure(Exception failure) => ReportNotRun(failure);

    private protected override void AcceptRecord()
    {
        var value = TransformationAttribute.Unwrap(InputObject);
        if (value is Container container)
            Start(ContainerTarget.Of(container), [.. Name, .. Command], null);
        else if (ContainerNameTransformationAttribute.IdOf(value) is { } id)
            Start(ContainerTarget.Of(id), [.. Name, .. Command], null);
        else if (!MyInvocation.ExpectingInput && value is null)
            StartNamed(null);
        else
        {
            if (input is null)
            {
                input = new PipelineInput();
                StartNamed(input);
            }
            input.Add(value ?? "");
        }
    }

    private protected override void AcceptEnd() => input?.Complete();

    private void StartNamed(PipelineInput? stdin)
    {
        if (Name.Length == 0)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("no container is given", null, "name one, or pipe containers in"), null));
        if (stdin is not null && Name.Length > 1)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("input can go to one container only", null, "name one container"), null));
        foreach (var name in Name)
        {
            if (stdin is null && WildcardPattern.ContainsWildcardCharacters(name))
                Run(target: null, () => ExpandAsync(WildcardPattern.Get(name, WildcardOptions.IgnoreCase)));
            else
                Start(ContainerTarget.Of(name), Command, stdin);
        }
    }

    private async Task ExpandAsync(WildcardPattern pattern)
    {
        await foreach (var container in Engine.ListContainersAsync(new ContainerQuery(), Cancellation))
            if (pattern.IsMatch(container.Name))
                await OnPipelineAsync(() => Start(ContainerTarget.Of(container), Command, null));
    }

    private void Start(ContainerTarget target, string[] command, PipelineInput? stdin)
    {
        if (command.Length == 0)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("no command is given", null,
                $"write {MyInvocation.InvocationName} CONTAINER COMMAND ..."), null));
        if (!ShouldProcess(target.Display, $"{Action} \"{Views.Display.CommandLine(command)}\""))
            return;
        var spec = new ExecSpec
        {
            Command = command,
            User = User,
            WorkingDirectory = WorkingDirectory,
            Environment = DictionaryTransformationAttribute.ToStrings(Environment),
            Privileged = Privileged,
        };
        Run(target.ErrorTarget, () => ExecuteAsync(target, spec, stdin));
    }
}
