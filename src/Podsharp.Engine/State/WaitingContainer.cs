namespace Podsharp.Engine.State;

/// <summary>A container for which the helper has something to do.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When.</param>
/// <param name="IsCheck">A health check; else a start by its restart policy.</param>
internal sealed record WaitingContainer(string Id, DateTimeOffset Time, bool IsCheck);
