using System.Runtime.InteropServices;
using Podsharp.Engine.Native;

namespace Podsharp.Cli.Native;

/// <summary>A standard descriptor of the process as a stream, without what Console and FileStream cost at start.</summary>
/// <remarks>Reads wait on a thread of their own, together with a pipe that cancels them, so that no input is taken after a cancellation.</remarks>
internal sealed partial class DescriptorStream(int descriptor) : OneWayStream
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;
    private const int CloseOnExec = 0x80000;

    public override bool CanRead => true;
    public override bool CanWrite => true;

    public override unsafe int Read(Span<byte> buffer)
    {
        while (true)
        {
            nint count;
            fixed (byte* bytes = buffer)
                count = read(descriptor, bytes, (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;
            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
                Descriptors.WaitReadable(descriptor, -1);
            else if (error != Interrupted)
                return 0; // A terminal that hung up, or no descriptor at all: there is no more input.
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (wakeRead, wakeWrite) = WakePipe();
        var registration = cancellationToken.Register(() => Wake(wakeWrite));
        try
        {
            return await Task.Factory.StartNew(() =>
            {
                Descriptors.WaitReadable([descriptor, wakeRead], -1);
                cancellationToken.ThrowIfCancellationRequested();
                return Read(buffer.Span);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            await registration.DisposeAsync();
            _ = close(wakeRead);
            _ = close(wakeWrite);
        }
    }

    private static unsafe (int Read, int Write) WakePipe()
    {
        var ends = stackalloc int[2];
        return pipe2(ends, CloseOnExec) == 0 ? (ends[0], ends[1]) : throw new IOException("no descriptor is left for reading input");
    }

    private static unsafe void Wake(int pipe)
    {
        byte any = 0;
        _ = write(pipe, &any, 1);
    }

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint count;
            fixed (byte* bytes = buffer)
                count = write(descriptor, bytes, (nuint)buffer.Length);
            if (count >= 0)
            {
                buffer = buffer[(int)count..];
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain:
                    Thread.Sleep(1); // Somebody else made the descriptor non-blocking.
                    break;
                case BrokenPipe:
                    throw new BrokenPipeException();
                case var error:
                    throw new IOException($"can't write output: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int pipe2(int* descriptors, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
