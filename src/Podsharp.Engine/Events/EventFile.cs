using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>Events in a file of podman's format: JSON objects, one a line, appended under a lock.</summary>
/// <param name="path">The file; the lock is beside it.</param>
/// <param name="maximumSize">Size in bytes beyond which the older half is cut off; 0: never.</param>
internal sealed class EventFile(string path, long maximumSize = 1_000_000) : IEventLog
{
    private const string RotationAttribute = "io.podman.event.rotate";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public void Append(EngineEvent happened)
    {
        var line = EventLine.Format(happened.Time == default ? happened with { Time = DateTimeOffset.Now } : happened);
        PrivateDirectory.Ensure(Path.GetDirectoryName(path)!);
        using var held = FileLock.Acquire(path + ".lock", LockMode.Exclusive, CancellationToken.None, 0x180 /* 0600 */);
        if (maximumSize > 0 && Files.TryStatus(path) is { } status && status.Size + line.Length > maximumSize) Rotate(status.Size);
        using var file = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, 0x180);
        Files.Write(file, line, path);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<EngineEvent> ReadAsync(EventQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = new EventFilter(query);
        using var reader = new LineFollower(path);
        if (query.Follow && query.Since is null)
            reader.SkipToEnd();
        while (true)
        {
            // Asked before reading: what was written until now is then surely read below.
            var over = !query.Follow || (query.Until is { } until && DateTimeOffset.UtcNow > until);
            while (reader.TryReadLine(out var line))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (EventLine.Parse(line) is { } happened && filter.Matches(happened)) yield return happened;
            }
            if (over) yield break;
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    // Under the lock. The new file replaces the old one whole, so that a kill leaves one or the other.
    private void Rotate(long size)
    {
        byte[] kept;
        using (var old = Files.Open(path, OpenFlags.ReadOnly))
        {
            var half = new byte[size / 2];
            var length = ReadFully(old, half, size - half.Length);
            var firstLine = half.AsSpan(0, length).IndexOf((byte)'\n') + 1;
            kept = half.AsSpan(firstLine, length - firstLine).ToArray();
        }
        Files.Replace(path, [.. RotationNote("begin"), .. kept, .. RotationNote("end")], 0x180, durable: false);
    }

    private byte[] RotationNote(string what) => EventLine.Format(new EngineEvent
    {
        Type = "system",
        Status = "log-rotation",
        Name = path,
        Time = DateTimeOffset.Now,
        Attributes = new Dictionary<string, string> { [RotationAttribute] = what },
    });

    private static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length && Files.ReadAt(file, buffer[total..], offset + total) is > 0 and var count) total += count;
        return total;
    }
}
