namespace Podsharp.Engine.State;

/// <summary>Where an exec session is in its life. The numbers are stored.</summary>
internal enum ExecState
{
    Created = 0,
    Running = 1,
    Ended = 2,
}
