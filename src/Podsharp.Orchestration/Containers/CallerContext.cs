namespace Podsharp.Orchestration.Containers;

/// <summary>What a command line means beyond its words: the caller's directory, variables and files.</summary>
public sealed record CallerContext
{
    /// <summary>What relative paths are relative to.</summary>
    public required string Directory { get; init; }
    /// <summary>The caller's variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    /// <summary>Reads a text file by its full path.</summary>
    public Func<string, string> ReadFile { get; init; } = File.ReadAllText;
    /// <summary>Resolves a path.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Directory);
}
