using System.Runtime.InteropServices;

namespace Podsharp.Engine.Networks;

/// <summary>Runs a helper program to its end.</summary>
internal interface IHelperRunner
{
    /// <summary>Runs the program.</summary>
    HelperResult Run(HelperStart start);
}

/// <summary>A program to run.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Arguments">Its arguments, without the program's name.</param>
/// <param name="Environment">Its whole environment.</param>
/// <param name="Input">What it reads from standard input.</param>
internal sealed record HelperStart(string Path, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Input)
{
    /// <summary>Further descriptors that it gets, from 3 on.</summary>
    internal IReadOnlyDictionary<int, SafeHandle> Descriptors { get; init; } = new Dictionary<int, SafeHandle>();

    /// <summary>Takes its standard error; null for where its standard output goes.</summary>
    internal SafeHandle? ErrorOutput { get; init; }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128+n after signal n.</param>
/// <param name="Output">What it wrote to standard output and standard error.</param>
internal sealed record HelperResult(int ExitCode, string Output)
{
    /// <summary>The last line that looks like JSON: the answer, whatever was logged before; empty without one.</summary>
    internal string Answer => Output.Split('\n').LastOrDefault(l => l.StartsWith('{')) ?? "";
}
