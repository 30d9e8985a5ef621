using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>Empty pipes. A connection has one only while something is in it, so that those that are idle cost no more than their two sockets.</summary>
internal sealed class PipePool
{
    /// <summary>How much a pipe takes, if the user may have that.</summary>
    internal const int Capacity = 256 << 10;

    private const int Kept = 32;
    private readonly Stack<Pipe> free = new();

    /// <summary>An empty pipe; null where there are no descriptors left.</summary>
    internal Pipe? Take() => free.TryPop(out var pipe) ? pipe : RawSockets.Pipe(Capacity) is { } ends ? new Pipe(ends.Reader, ends.Writer) : null;

    /// <summary>Takes back a pipe.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="isEmpty">Whether nothing is in it.</param>
    internal void Return(Pipe pipe, bool isEmpty)
    {
        if (isEmpty && free.Count < Kept) free.Push(pipe);
        else Close(pipe);
    }

    private static void Close(Pipe pipe)
    {
        Descriptors.Close(pipe.Reader);
        Descriptors.Close(pipe.Writer);
    }

    /// <summary>A pipe.</summary>
    /// <param name="Reader">The end to read from.</param>
    /// <param name="Writer">The end to write to.</param>
    internal sealed record Pipe(int Reader, int Writer);
}
