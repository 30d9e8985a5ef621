namespace Podsharp.Engine.Images;

/// <summary>Copies several blobs at a time.</summary>
internal static class ParallelCopies
{
    private const int Usual = 6;

    /// <summary>Copies all; the first real failure stops the others, and is what is thrown: what it cancelled is not the cause.</summary>
    /// <param name="items">What is to be copied.</param>
    /// <param name="limit">How many at a time; the usual number for 0.</param>
    /// <param name="copy">Copies one.</param>
    /// <param name="cancellationToken">Stops all.</param>
    internal static async Task RunAsync<T>(IEnumerable<T> items, long limit, Func<T, CancellationToken, Task> copy, CancellationToken cancellationToken) where T : class
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(limit > 0 ? (int)Math.Min(limit, int.MaxValue) : Usual);
        List<Task> copies = [.. items.Select(item => CopyAsync(item, copy, slots, stop))];
        try
        {
            await Task.WhenAll(copies);
        }
        catch
        {
            cancellationToken.ThrowIfCancellationRequested();
            await (copies.Find(task => task.IsFaulted) ?? copies.First(task => !task.IsCompletedSuccessfully));
        }
    }

    private static async Task CopyAsync<T>(T item, Func<T, CancellationToken, Task> copy, SemaphoreSlim slots, CancellationTokenSource stop) where T : class
    {
        await slots.WaitAsync(stop.Token);
        try
        {
            await copy(item, stop.Token);
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            slots.Release();
        }
    }
}
