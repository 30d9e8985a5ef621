using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The stream of a detached command: nothing comes, nothing goes.</summary>
internal sealed class EndedStream : ContainerStream
{
    public override async IAsyncEnumerable<OutputChunk> ReadAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield break;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask CloseInputAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask ResizeAsync(TerminalSize size, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
