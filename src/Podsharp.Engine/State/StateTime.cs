namespace Podsharp.Engine.State;

/// <summary>Times as the tables keep them: nanoseconds since 1970.</summary>
internal static class StateTime
{
    private const int NanosecondsPerTick = 100;

    public static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsPerTick;

    public static DateTimeOffset Time(long nanoseconds) => new(DateTimeOffset.UnixEpoch.Ticks + (nanoseconds / NanosecondsPerTick), TimeSpan.Zero);
}
