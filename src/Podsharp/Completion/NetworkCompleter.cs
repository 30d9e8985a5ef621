namespace Podsharp.Completion;

/// <summary>Completes network modes, and containers whose network can be shared.</summary>
public sealed class NetworkCompleter() : JoinCompleter(
    [("bridge", "the default network"), ("none", "loopback only"), ("host", "the host's own network")], "the network");
