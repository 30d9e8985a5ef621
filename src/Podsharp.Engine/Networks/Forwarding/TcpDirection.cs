using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>How far a direction has come in its turn.</summary>
internal enum Progress
{
    /// <summary>Nothing can be done until something happens.</summary>
    Waiting,
    /// <summary>Its turn is over, but not its work.</summary>
    More,
    /// <summary>The connection is broken.</summary>
    Failed,
}

/// <summary>One direction of a connection. The end of what is sent is passed on, and the other direction goes on.</summary>
/// <param name="source">Where data comes from.</param>
/// <param name="target">Where it goes to.</param>
/// <param name="pipes">Empty pipes.</param>
internal sealed class TcpDirection(int source, int target, PipePool pipes) : IDisposable
{
    // No connection keeps the others waiting for long.
    private const int MostInTurn = 16;
    private PipePool.Pipe? pipe;
    private nint filled;
    private bool hasEnded;

    /// <summary>Whether the source may have something.</summary>
    internal bool IsReadable { get; set; }

    /// <summary>Whether the target may take something.</summary>
    internal bool IsWritable { get; set; }

    /// <summary>Whether all was passed on, its end too.</summary>
    internal bool IsFinished { get; private set; }

    /// <summary>Moves what there is.</summary>
    internal Progress Move()
    {
        for (var step = 0; step < MostInTurn; step++)
        {
            var took = Take();
            var gave = Give();
            if (took == Progress.Failed || gave == Progress.Failed) return Progress.Failed;
            if (took == Progress.Waiting && gave == Progress.Waiting)
            {
                Rest();
                return Progress.Waiting;
            }
        }
        return Progress.More;
    }

    /// <summary>Gives its pipe back.</summary>
    public void Dispose()
    {
        if (pipe is not null) pipes.Return(pipe, filled == 0);
        pipe = null;
    }

    private Progress Take()
    {
        if (!IsReadable || hasEnded || filled >= PipePool.Capacity) return Progress.Waiting;
        pipe ??= pipes.Take();
        if (pipe is null) return Progress.Failed;
        var got = RawSockets.Splice(source, pipe.Writer, PipePool.Capacity - filled);
        if (got > 0)
        {
            filled += got;
            return Progress.More;
        }
        if (got == 0)
        {
            hasEnded = true;
            return Progress.More;
        }
        if (LinuxError.Last != Errno.TryAgain) return Progress.Failed;
        // With something in the pipe it may be the pipe that takes no more: that is known once it is empty.
        if (filled == 0) IsReadable = false;
        return Progress.Waiting;
    }

    private Progress Give()
    {
        if (filled == 0 || !IsWritable) return Progress.Waiting;
        var gave = RawSockets.Splice(pipe!.Reader, target, filled);
        if (gave > 0)
        {
            filled -= gave;
            return Progress.More;
        }
        if (gave < 0 && LinuxError.Last != Errno.TryAgain) return Progress.Failed;
        IsWritable = false;
        return Progress.Waiting;
    }

    private void Rest()
    {
        if (filled > 0) return;
        Dispose();
        if (!hasEnded || IsFinished) return;
        RawSockets.EndSending(target);
        IsFinished = true;
    }
}
