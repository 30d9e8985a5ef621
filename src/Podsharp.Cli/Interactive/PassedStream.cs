using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Cli.Interactive;

/// <summary>In place of the streams of a container that has been given this process's own: nothing comes through here, until its end.</summary>
internal sealed class PassedStream(IContainerEngine engine, string id) : ContainerStream
{
    public override async IAsyncEnumerable<OutputChunk> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await engine.WaitContainerAsync(id, [WaitCondition.Exited], cancellationToken);
        yield break;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask CloseInputAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask ResizeAsync(TerminalSize size, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
