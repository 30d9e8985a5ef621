using System.Buffers.Binary;

namespace Podsharp.Engine.Storage;

/// <summary>What a writer leaves at the start of a lock file: time, a counter, the process id and random bytes. Readers only ask whether
/// it is another one than they know.</summary>
internal static class StoreToken
{
    /// <summary>Its length in bytes.</summary>
    internal const int Length = 64;

    private static long s_counter;

    /// <summary>One that nobody has written before.</summary>
    internal static byte[] New()
    {
        var token = new byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(token, (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100);
        BinaryPrimitives.WriteInt64LittleEndian(token.AsSpan(8), Interlocked.Increment(ref s_counter));
        BinaryPrimitives.WriteInt32LittleEndian(token.AsSpan(16), Environment.ProcessId);
        Random.Shared.NextBytes(token.AsSpan(20));
        return token;
    }
}
