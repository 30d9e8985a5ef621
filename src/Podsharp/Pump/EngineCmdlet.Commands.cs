using System.Management.Automation;
using System.Management.Automation.Host;
using Podsharp.Model;

namespace Podsharp.Pump;

// What several cmdlets do with the engine: commands' output and exit codes, pulls, paths.
public abstract partial class EngineCmdlet
{
    /// <summary>Emits what a command writes as strings, a line each; lines of its standard error go to the host and the information stream,
    /// where a native command's would go to the terminal.</summary>
    private protected async Task RelayAsync(ContainerStream stream, PipelineInput? input)
    {
        var sending = input?.SendAsync(stream, Wake, Cancellation);
        var output = new LineSplitter();
        var error = new LineSplitter();
        var lines = new List<string>();
        await foreach (var chunk in stream.ReadAllAsync(Cancellation))
        {
            var isError = chunk.Stream == OutputStream.Error;
            (isError ? error : output).Add(chunk.Data.Span, lines);
            foreach (var line in lines)
                await EmitLineAsync(line, isError);
            lines.Clear();
        }
        if (output.Complete() is { } lastOutput)
            await EmitLineAsync(lastOutput, isError: false);
        if (error.Complete() is { } lastError)
            await EmitLineAsync(lastError, isError: true);
        if (sending is { IsFaulted: true })
            await sending;
    }

    /// <summary>Does with an exit code what PowerShell does with a native command's: sets $LASTEXITCODE, and makes an error of it where
    /// $PSNativeCommandUseErrorActionPreference asks for that. Pipeline thread only.</summary>
    private protected void ReportExit(int exitCode, string what, object? target)
    {
        SessionState.PSVariable.Set("global:LASTEXITCODE", exitCode);
        if (exitCode != 0 && LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("PSNativeCommandUseErrorActionPreference")))
            WriteError(ErrorRecords.Create(new ContainerEngineException(ErrorKind.Runtime, "CommandFailed",
                $"{what} ended with exit code {exitCode}", target?.ToString()), target));
    }

    /// <summary>Sets $LASTEXITCODE where a command couldn't be run at all: podman's 127 (not found), 126 (not executable), 125 (anything else).</summary>
    private protected void ReportNotRun(Exception failure) => SessionState.PSVariable.Set("global:LASTEXITCODE",
        (failure as ContainerEngineException)?.Kind switch { ErrorKind.CommandNotFound => 127, ErrorKind.CommandNotExecutable => 126, _ => 125 });

    /// <summary>Pulls an image and shows the progress.</summary>
    /// <param name="request">What to pull.</param>
    /// <param name="fetched">Told each image as it is there: with all tags there are several.</param>
    private protected async Task PullAsync(ImagePullRequest request, Func<ContainerImage, ValueTask>? fetched = null)
    {
        request = await ChooseAsync(request);
        await ShowLayersAsync("Pulling " + request.Reference, Engine.PullImageAsync(request, Cancellation), async step =>
        {
            if (step.Image is { } image && fetched is not null)
                await fetched(image);
            return step.Stage == ImagePullStage.Done ? null : LayerStep.Of(step);
        });
    }

    // Only where guessing is forbidden: otherwise a script would stop at a question.
    private async Task<ImagePullRequest> ChooseAsync(ImagePullRequest request)
    {
        if (request.Policy == PullPolicy.Never || await Engine.ResolveImageNameAsync(request.Reference, Cancellation) is not { MustBeChosen: true } names)
            return request;
        var number = -1;
        await AskAsync(() => number = Host.UI.PromptForChoice("Which image?", $"\"{request.Reference}\" may stand for several images.",
            [.. names.Candidates.Select((name, index) => new ChoiceDescription($"&{index + 1} {name}", name))], 0));
        return request with { Reference = names.Candidates[number], ChosenFor = request.Reference };
    }

    /// <summary>Has the host ask somebody, on the pipeline thread.</summary>
    private protected async Task AskAsync(Action question)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await OnPipelineAsync(() =>
        {
            try
            {
                question();
                answered.SetResult();
            }
            catch (Exception error)
            {
                answered.SetException(error);
            }
        });
        await answered.Task;
    }

    /// <summary>Pushes an image and shows the progress.</summary>
    private protected async Task<ImagePushResult> PushAsync(ImagePushRequest request)
    {
        ImagePushResult? result = null;
        await ShowLayersAsync("Pushing " + (request.Destination ?? request.Image), Engine.PushImageAsync(request, Cancellation), step =>
        {
            result = step.Result ?? result;
            return ValueTask.FromResult(step.Stage == ImagePushStage.Done ? null : LayerStep.Of(step));
        });
        return result ?? throw EngineErrors.ImageNotFound(request.Image);
    }

    /// <summary>Runs through a sequence and shows what it tells of layers.</summary>
    private protected async Task ShowLayersAsync<T>(string title, IAsyncEnumerable<T> steps, Func<T, ValueTask<LayerStep?>> read)
    {
        var progress = new LayerProgress(title, WriteProgress);
        try
        {
            await foreach (var step in steps)
            {
                if (await read(step) is { } shown && progress.IsDue(shown))
                    await OnPipelineAsync(() => progress.Show(shown));
            }
        }
        finally
        {
            if (!Cancellation.IsCancellationRequested)
                await OnPipelineAsync(progress.Complete);
        }
    }

    /// <summary>A host path that a parameter names, relative to PowerShell's location rather than the process's directory.</summary>
    private protected string? FullPath(string? path) => string.IsNullOrEmpty(path) ? null : GetUnresolvedProviderPathFromPSPath(path);

    private ValueTask EmitLineAsync(string line, bool isError) => OnPipelineAsync(() =>
    {
        if (isError)
            WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST", "stderr"]);
        else
            WriteObject(line);
    });
}
