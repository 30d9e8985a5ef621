namespace Podsharp.Engine.State;

/// <summary>A container that its restart policy is to start.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">When.</param>
internal sealed record WaitingContainer(string Id, DateTimeOffset Start);
