using System.Runtime.ExceptionServices;

namespace Podsharp.Engine.Images;

/// <summary>Steps that hand data to each other side by side: the first that fails is the cause, and stops the others.</summary>
internal sealed class StepGroup(CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<Task> _steps = [];
    private Exception? _failure;

    /// <summary>Cancelled when a step has failed, or the caller gives up.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Begins a step.</summary>
    internal void Start(Func<Task> step) => _steps.Add(GuardAsync(step));

    /// <summary>Begins a step on a thread of its own: one that blocks.</summary>
    internal void StartThread(Action step) => Start(() => Task.Factory.StartNew(step, CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default));

    /// <summary>Waits for all steps; throws what the first that failed has thrown.</summary>
    internal async Task WaitAsync()
    {
        await Task.WhenAll(_steps);
        cancellationToken.ThrowIfCancellationRequested();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception error)
        {
            if (Interlocked.CompareExchange(ref _failure, error, null) is null)
            {
                await _stop.CancelAsync();
            }
        }
    }
}
