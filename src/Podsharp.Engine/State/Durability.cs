namespace Podsharp.Engine.State;

/// <summary>What of a transaction must survive a power cut. Every kind survives the death of any process.</summary>
internal enum Durability
{
    /// <summary>What a reboot makes void anyway: run states, exec sessions, addresses, containers with --rm.
    /// The write-ahead log is not synced.</summary>
    Boot,

    /// <summary>What people made and expect to find again: containers, volumes. The log is synced before the call returns.</summary>
    Power,
}
