using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Podsharp.Model;
using Podsharp.Orchestration.Terminal;

namespace Podsharp.UnitTests.Orchestration;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("ctrl-p,ctrl-q", "ab\u0010\u0011cd", "ab", true)]
    [InlineData("ctrl-p,ctrl-q", "a\u0010b\u0010", "a\u0010b", false)]
    [InlineData("ctrl-p,ctrl-q", "\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("ctrl-a,x", "\u0001\u0001x", "\u0001", true)]
    [InlineData("a,a,b", "aaab", "a", true)]
    [InlineData("ctrl-@", "q\u0000", "q", true)]
    public void Detach_keys(string keys, string typed, string forwarded, bool detaches)
    {
        foreach (var step in new[] { 1, typed.Length })
        {
            var filter = DetachKeys.Parse(keys)!;
            var forward = new List<byte>();
            var done = false;
            for (var i = 0; i < typed.Length && !done; i += step)
                done = filter.Filter(Encoding.ASCII.GetBytes(typed[i..Math.Min(typed.Length, i + step)]), forward);
            Assert.Equal(detaches, done);
            Assert.Equal(forwarded, Encoding.ASCII.GetString([.. forward]));
        }
    }

    [Fact]
    public void No_keys_turn_detaching_off() => Assert.Null(DetachKeys.Parse(""));

    [Theory]
    [InlineData("ctrl-")]
    [InlineData("ctrl-1")]
    [InlineData("ab")]
    [InlineData("a,,b")]
    public void Bad_keys(string keys) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => DetachKeys.Parse(keys)).Kind);

    [Fact]
    public async Task The_pump_parts_output_and_error_and_ends_with_the_container()
    {
        var container = new FakeStream();
        container.Say(OutputStream.Output, "out");
        container.Say(OutputStream.Error, "err");
        container.End();
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        Assert.Equal(AttachEnd.Ended, await new AttachPump(container) { Output = output, Error = error }.RunAsync());
        Assert.Equal("out", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal("err", Encoding.UTF8.GetString(error.ToArray()));
    }

    [Fact]
    public async Task The_end_of_input_closes_the_containers()
    {
        var container = new FakeStream { Closed = f => f.End() };
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("hello"));
        Assert.Equal(AttachEnd.Ended, await new AttachPump(container) { Input = input }.RunAsync());
        Assert.Equal("hello", container.Received);
        Assert.True(container.InputClosed);
    }

    [Fact]
    public async Task Detach_keys_end_the_pump_while_the_container_goes_on()
    {
        var container = new FakeStream();
        using var input = new MemoryStream([.. "ls\n"u8, 0x10, 0x11, .. "more"u8]);
        var pump = new AttachPump(container) { Input = input, DetachKeys = DetachKeys.Parse(DetachKeys.Default) };
        Assert.Equal(AttachEnd.Detached, await pump.RunAsync());
        Assert.Equal("ls\n", container.Received);
        Assert.False(container.InputClosed);
    }

    [Fact]
    public async Task The_end_of_output_does_not_wait_for_input()
    {
        var container = new FakeStream();
        var pump = new AttachPump(container) { Input = new SilentStream() }.RunAsync();
        container.End();
        Assert.Equal(AttachEnd.Ended, await pump.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Cancelling_ends_the_pump()
    {
        using var stop = new CancellationTokenSource();
        var pump = new AttachPump(new FakeStream()) { Input = new SilentStream() }.RunAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private sealed class FakeStream : ContainerStream
    {
        private readonly Channel<OutputChunk> output = Channel.CreateUnbounded<OutputChunk>();
        private readonly StringBuilder received = new();

        public Action<FakeStream>? Closed { get; init; }
        public bool InputClosed { get; private set; }
        public string Received => received.ToString();

        public void Say(OutputStream stream, string text) => output.Writer.TryWrite(new(stream, Encoding.UTF8.GetBytes(text)));

        public void End() => output.Writer.TryComplete();

        public override async IAsyncEnumerable<OutputChunk> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var chunk in output.Reader.ReadAllAsync(cancellationToken))
                yield return chunk;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            received.Append(Encoding.UTF8.GetString(data.Span));
            return ValueTask.CompletedTask;
        }

        public override ValueTask CloseInputAsync(CancellationToken cancellationToken = default)
        {
            InputClosed = true;
            Closed?.Invoke(this);
            return ValueTask.CompletedTask;
        }

        public override ValueTask ResizeAsync(TerminalSize size, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Input that never comes, and whose reads can be cancelled.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
