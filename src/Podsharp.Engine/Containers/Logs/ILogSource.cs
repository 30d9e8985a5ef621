using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>Where a log's lines come from, in their order.</summary>
internal interface ILogSource : IDisposable
{
    /// <summary>The last lines where the query wants some only; reading then goes on behind them.</summary>
    IReadOnlyList<LogLine> Begin(LogQuery query);

    /// <summary>The next line; it is valid until the next call.</summary>
    /// <returns>False at the end, for now.</returns>
    bool TryReadLine(out LogLine line);

    /// <summary>Waits until all that was written before is there to be read.</summary>
    ValueTask SettleAsync(CancellationToken cancellationToken);
}
