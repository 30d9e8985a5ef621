using System.IO.Pipes;
using Podsharp.Model;

namespace Podsharp.Orchestration.Files;

/// <summary>Carries an archive from who makes it to who takes it, both at work at once.</summary>
internal static class ArchivePipe
{
    /// <summary>Runs both to their ends.</summary>
    /// <exception cref="ContainerEngineException">What either of them raises: the maker's error if it is the cause.</exception>
    internal static async Task RunAsync(Func<Stream, CancellationToken, Task> make, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, output.ClientSafePipeHandle);
        var making = EndAsync(make(output, stop.Token), output, null);
        var taking = EndAsync(take(input, stop.Token), input, stop);
        await Task.WhenAll(making, taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        // Who takes stops when the archive ends too early; who makes stops when nobody takes any more.
        if (making.IsFaulted && making.Exception.InnerException is ContainerEngineException)
            await making;
        await taking;
        await making;
    }

    /// <summary>As <see cref="RunAsync"/>, but the archive is complete before any of it is taken: for a source that the target may be a part of.</summary>
    internal static async Task RunInTurnAsync(Func<Stream, CancellationToken, Task> make, Func<Stream, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await make(file, cancellationToken);
        file.Position = 0;
        await take(file, cancellationToken);
    }

    // Whichever end is done closes its end of the pipe, which tells the other one.
    private static async Task EndAsync(Task work, Stream end, CancellationTokenSource? stop)
    {
        try
        {
            await work;
        }
        catch when (stop is not null)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            await end.DisposeAsync();
        }
    }
}
