namespace Podsharp.Model;

/// <summary>A two-way connection to a container's or exec session's standard streams: bytes only, so that it can cross a network.</summary>
public abstract class ContainerStream : IAsyncDisposable
{
    /// <summary>What the container writes, until it ends.</summary>
    public abstract IAsyncEnumerable<OutputChunk> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Sends input.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Ends the input: the container's process reads end of file.</summary>
    public abstract ValueTask CloseInputAsync(CancellationToken cancellationToken = default);

    /// <summary>Tells the terminal's new size.</summary>
    public abstract ValueTask ResizeAsync(TerminalSize size, CancellationToken cancellationToken = default);

    /// <summary>Disconnects; the container goes on.</summary>
    public abstract ValueTask DisposeAsync();
}
