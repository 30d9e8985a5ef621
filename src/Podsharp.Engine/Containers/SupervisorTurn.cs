namespace Podsharp.Engine.Containers;

/// <summary>The right to work, of which there are few at a time. It ends with the work, or after a while: what takes longer waits for something and
/// needs no processor.</summary>
internal sealed class SupervisorTurn
{
    private readonly Action _ended;
    private readonly Timer _timer;
    private int _over;

    public SupervisorTurn(TimeSpan most, Action ended)
    {
        _ended = ended;
        _timer = new Timer(_ => End(), null, most, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gives the right back, once.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
            return;
        _timer.Dispose();
        _ended();
    }
}
