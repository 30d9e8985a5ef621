using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Hosting;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of all cmdlets: it owns the pump between engine tasks and the pipeline thread.</summary>
/// <remarks>
/// A cmdlet hands work to <see cref="Run"/>; the work runs on the thread pool, several at once, and sends what it finds back through a queue.
/// The pipeline thread empties the queue while it takes further input and, at the end, until all work has ended: objects leave as soon as
/// they are known. Ctrl+C (and a downstream <c>Select-Object -First</c>) cancels the work and waits for it to come to rest, so that nothing is
/// left half done. All fields but the queue belong to the pipeline thread.
/// </remarks>
public abstract partial class EngineCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly PipelineQueue queue = new();
    private readonly Queue<Work> waiting = new();
    private EngineOptions options = new();
    private int active;
    private bool abandoned;

    /// <summary>How many engine calls run at once.</summary>
    private protected virtual int Parallelism => 1;

    /// <summary>The engine. Made on first use: ask for it in work, not on the pipeline thread.</summary>
    private protected IContainerEngine Engine => EngineProvider.Get(options);

    /// <summary>Signalled by Ctrl+C.</summary>
    private protected CancellationToken Cancellation => cancellation.Token;

    /// <summary>Hands work to the thread pool, or has it wait for its turn. Pipeline thread only.</summary>
    /// <param name="target">What it is about: the target object of an error.</param>
    /// <param name="work">The work; its exception becomes a non-terminating error.</param>
    private protected void Run(object? target, Func<Task> work)
    {
        waiting.Enqueue(new Work(target, work));
        StartWaiting();
    }

    /// <summary>Has something done on the pipeline thread.</summary>
    private protected ValueTask OnPipelineAsync(Action action) => queue.PostAsync(action, Cancellation);

    /// <summary>Has something done on the pipeline thread, and waits until it is done.</summary>
    private protected async Task OnPipelineAndWaitAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ended = Cancellation.Register(() => done.TrySetCanceled());
        await OnPipelineAsync(() =>
        {
            try
            {
                action();
            }
            finally
            {
                done.TrySetResult();
            }
        });
        await done.Task;
    }

    /// <summary>Emits an object.</summary>
    private protected ValueTask EmitAsync(object value) => OnPipelineAsync(() => WriteObject(value));

    /// <summary>Emits a file or directory of this host as the file system provider does: with the properties by which other cmdlets bind it
    /// (<c>| Get-Content</c>).</summary>
    /// <param name="path">Its absolute path.</param>
    private protected ValueTask EmitFileAsync(string path) => OnPipelineAsync(() =>
        WriteObject(InvokeProvider.Item.Get([@"Microsoft.PowerShell.Core\FileSystem::" + path], force: true, literalPath: true), enumerateCollection: true));

    /// <summary>Reports an error of one object and goes on.</summary>
    private protected ValueTask ErrorAsync(Exception exception, object? target) =>
        OnPipelineAsync(() => WriteError(ErrorRecords.Create(exception, target)));

    /// <summary>Writes warnings.</summary>
    private protected async ValueTask WarnAsync(IEnumerable<string> messages)
    {
        foreach (var message in messages)
            await OnPipelineAsync(() => WriteWarning(message));
    }

    /// <summary>Writes a verbose message.</summary>
    private protected ValueTask VerboseAsync(string message) => OnPipelineAsync(() => WriteVerbose(message));

    /// <summary>Whether verbose messages are shown, so that what they cost is paid only then.</summary>
    private protected bool IsVerbose { get; private set; }

    /// <summary>Says which OCI runtime is used on this host, and why.</summary>
    private protected async Task TellRuntimeAsync()
    {
        var info = await Engine.GetInfoAsync(Cancellation);
        await VerboseAsync($"OCI runtime: {info.Runtime?.Version} ({info.Runtime?.Path})"
            + (info.RuntimeReason.Length > 0 ? $": {info.RuntimeReason}" : ""));
    }

    /// <summary>Reads the session's preferences. Overrides call the base first.</summary>
    protected override void BeginProcessing()
    {
        IsVerbose = MyInvocation.BoundParameters.TryGetValue("Verbose", out var verbose)
            ? LanguagePrimitives.IsTrue(verbose)
            : SessionState.PSVariable.GetValue("VerbosePreference") is not (null or ActionPreference.SilentlyContinue or ActionPreference.Ignore);
        if (RefusedArguments.Find(MyInvocation.BoundParameters.Values) is { } refused)
            ThrowTerminatingError(ErrorRecords.Create(refused, null));
        try
        {
            options = EngineProvider.ReadPreference(SessionState.PSVariable.GetValue(EngineProvider.PreferenceVariable));
        }
        catch (ContainerEngineException error)
        {
            ThrowTerminatingError(ErrorRecords.Create(error, null));
        }
    }

    /// <summary>Takes one input object, then lets out what is ready, and waits while more work is queued than may run.</summary>
    protected sealed override void ProcessRecord()
    {
        // One that came with the object, by a property's name: the next object may have a better one.
        if (RefusedArguments.Find(MyInvocation.BoundParameters.Values) is { } refused)
            Guard(() => WriteError(ErrorRecords.Create(refused, null)));
        else
            Guard(AcceptRecord);
        Guard(() =>
        {
            while (waiting.Count > 0 || IsSaturated)
                queue.Take().Action();
            while (queue.TryTake(out var entry))
                entry.Action();
        });
    }

    /// <summary>Waits for the end of all work, letting out what it finds.</summary>
    protected sealed override void EndProcessing()
    {
        Guard(AcceptEnd);
        Guard(() =>
        {
            do
            {
                while (active > 0 || waiting.Count > 0)
                    queue.Take().Action();
            }
            while (!Stopping && AcceptIdle());
            while (queue.TryTake(out var entry))
                entry.Action();
        });
        if (Stopping)
            throw new PipelineStoppedException();
    }

    /// <summary>Ctrl+C: cancels the work. Comes on another thread; the pipeline thread notices by the work's end.</summary>
    protected override void StopProcessing()
    {
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended while the stop was on its way.
        }
    }

    /// <summary>Whether input must wait until work has caught up; the work calls <see cref="Wake"/> when it has.</summary>
    private protected virtual bool IsSaturated => false;

    /// <summary>Has the pipeline thread look at <see cref="IsSaturated"/> again.</summary>
    private protected void Wake() => queue.PostCompletion(static () => { });

    /// <summary>What to do with one input object, on the pipeline thread.</summary>
    private protected abstract void AcceptRecord();

    /// <summary>Called on the pipeline thread before a piece of work's error is written.</summary>
    private protected virtual void ReportFailure(Exception failure)
    {
    }

    /// <summary>What to do after the last input object, on the pipeline thread.</summary>
    private protected virtual void AcceptEnd()
    {
    }

    /// <summary>Ends what a pipeline that was cut short left.</summary>
    public void Dispose()
    {
        Abandon();
        Dispose(disposing: true);
        cancellation.Dispose();
        queue.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>For what a cmdlet itself holds; all work has ended.</summary>
    private protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Called after the last input object, once all work is done, on the pipeline thread.</summary>
    /// <returns>Whether there is more work now.</returns>
    private protected virtual bool AcceptIdle() => false;

    private void StartWaiting()
    {
        while (active < Parallelism && !abandoned && waiting.TryDequeue(out var work))
        {
            active++;
            var started = work;
            // A thread of its own for the first synchronous stretch: engine calls make blocking system calls, and the host's pool
            // starts with as many threads as there are processors.
            _ = Task.Factory.StartNew(() => ExecuteAsync(started), CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    private async Task ExecuteAsync(Work work)
    {
        Exception? failure = null;
        try
        {
            Cancellation.ThrowIfCancellationRequested();
            await work.Call();
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        queue.PostCompletion(() => Complete(work, failure));
    }

    private void Complete(Work work, Exception? failure)
    {
        active--;
        StartWaiting();
        if (failure is null || abandoned || (failure is OperationCanceledException && cancellation.IsCancellationRequested))
            return;
        ReportFailure(failure);
        WriteError(ErrorRecords.Create(failure, work.Target));
    }

    // Whatever ends the pipeline (a stop, -ErrorAction Stop, a downstream command that has enough) first brings the work to rest.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    private void Abandon()
    {
        if (abandoned)
            return;
        abandoned = true;
        waiting.Clear();
        if (active > 0)
            cancellation.Cancel();
        while (active > 0)
        {
            var entry = queue.Take();
            if (entry.IsCompletion)
                entry.Action();
        }
    }

    private sealed record Work(object? Target, Func<Task> Call);
}
