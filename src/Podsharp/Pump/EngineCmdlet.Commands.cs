using System.Management.Automation;
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
    private protected async Task<ContainerImage> PullAsync(ImagePullRequest request)
    {
        var progress = new PullProgress(request.Reference, WriteProgress);
        ContainerImage? image = null;
        try
        {
            await foreach (var step in Engine.PullImageAsync(request, Cancellation))
            {
                image = step.Image ?? image;
                if (step.Stage != ImagePullStage.Done && progress.IsDue(step))
                    await OnPipelineAsync(() => progress.Show(step));
            }
        }
        finally
        {
            if (!Cancellation.IsCancellationRequested)
                await OnPipelineAsync(progress.Complete);
        }
        return image ?? throw EngineErrors.ImageNotFound(request.Reference);
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
