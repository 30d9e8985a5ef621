using Podsharp.Engine.Configuration;

namespace Podsharp.UnitTests.Configuration;

/// <summary>A host's configuration in a directory of its own.</summary>
internal sealed class TestEnvironment : IDisposable
{
    private readonly Dictionary<string, string> _variables = new();

    public TestEnvironment() => Root = Directory.CreateTempSubdirectory("podsharp-test-").FullName;

    public string Root { get; }

    public ConfigurationEnvironment Environment => new()
    {
        Variables = _variables,
        UserId = 0,
        HomeDirectory = Root + "/root",
        SystemRoot = Root,
    };

    public TestEnvironment Set(string name, string value)
    {
        _variables[name] = value;
        return this;
    }

    public string Write(string path, string text)
    {
        var full = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
