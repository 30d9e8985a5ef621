namespace Podsharp.Model;

/// <summary>A command to run in a running container.</summary>
public sealed record ExecSpec
{
    /// <summary>The arguments, first the program.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
    /// <summary>Gives it a terminal.</summary>
    public bool Terminal { get; init; }
    /// <summary>Connects standard input.</summary>
    public bool Input { get; init; }
    /// <summary>user[:group]; the container's when null.</summary>
    public string? User { get; init; }
    /// <summary>Working directory; the container's when null.</summary>
    public string? WorkingDirectory { get; init; }
    /// <summary>Variables on top of the container's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EmptyDictionary.Strings;
    /// <summary>Descriptors from 3 on of the process that starts it, which it keeps under their numbers. Without meaning for a remote engine.</summary>
    public IReadOnlyList<int> PreserveDescriptors { get; init; } = [];
    /// <summary>All capabilities.</summary>
    public bool Privileged { get; init; }
    /// <summary>Nobody will attach; runs on its own.</summary>
    public bool Detached { get; init; }
}
