using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Terminal;

/// <summary>Standard input as bytes, with reads that can be ended.</summary>
/// <remarks>Nothing may be left reading when the prompt returns: the shell asks the terminal where its cursor is, and a read that outlives the
/// session would eat the answer. So the end of a read is waited for.</remarks>
internal sealed class KeyboardStream : Stream
{
    private const int Interrupted = 4;

    private readonly SafeFileHandle ended = new(NativeTerminal.EventDescriptor(0, NativeTerminal.EventCloseOnExec), ownsHandle: true);
    private Task<int> reading = Task.FromResult(0);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <remarks>The read ends with the stream, not with the token: what it has taken from the terminal is not lost.</remarks>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        reading = Task.Factory.StartNew(() => Read(buffer.Span), CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        return new ValueTask<int>(reading.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _ = NativeTerminal.Write(ended, 1, sizeof(ulong));
        await reading;
        ended.Dispose();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    /// <returns>0 at the end of the input, and when the stream ends.</returns>
    public override int Read(Span<byte> buffer)
    {
        Span<NativeTerminal.PollDescriptor> descriptors =
        [
            new() { Descriptor = 0, Events = NativeTerminal.PollIn },
            new() { Descriptor = (int)ended.DangerousGetHandle(), Events = NativeTerminal.PollIn },
        ];
        while (true)
        {
            if (NativeTerminal.Poll(descriptors, 2, -1) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                return 0;
            if (descriptors[1].Results != 0)
                return 0;
            if (descriptors[0].Results == 0)
                continue;
            var count = NativeTerminal.Read(0, buffer, (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;
            if (Marshal.GetLastPInvokeError() != Interrupted)
                return 0;
        }
    }
}
