using System.ComponentModel;
using System.Diagnostics;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Runs helper programs of this host.</summary>
/// <param name="beforeInput">Called with the process id before the program gets its input, and so before it starts anything itself:
/// aardvark-dns outlives the caller and must not stay in the caller's cgroup.</param>
internal sealed class HelperRunner(Action<int>? beforeInput = null) : IHelperRunner
{
    /// <inheritdoc/>
    public HelperResult Run(HelperStart start)
    {
        var info = new ProcessStartInfo(start.Path, start.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment) info.Environment[name] = value;
        try
        {
            using var process = Process.Start(info)!;
            beforeInput?.Invoke(process.Id);
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(start.Input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new HelperResult(process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw new ContainerEngineException(ErrorKind.MissingComponent, "HelperNotExecutable", $"{start.Path} can't be executed: {e.Message}", start.Path,
                "install it again", e);
        }
    }
}
