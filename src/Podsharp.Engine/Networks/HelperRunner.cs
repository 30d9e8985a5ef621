using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>Runs helper programs of this host.</summary>
/// <param name="beforeInput">Called with the process id before the program gets its input, and so before it starts anything itself:
/// aardvark-dns outlives the caller and must not stay in the caller's cgroup.</param>
internal sealed class HelperRunner(Action<int>? beforeInput = null) : IHelperRunner
{
    /// <inheritdoc/>
    public HelperResult Run(HelperStart start)
    {
        using var input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var pid = Processes.Spawn(new SpawnRequest
        {
            Path = start.Path,
            Arguments = [Path.GetFileName(start.Path), .. start.Arguments],
            Environment = [.. start.Environment.Select(v => $"{v.Key}={v.Value}")],
            // One pipe for both outputs: two would have to be read at once, or the program could block on the one not read.
            Descriptors = new Dictionary<int, SafeHandle>(start.Descriptors)
            {
                [0] = input.ClientSafePipeHandle, [1] = output.ClientSafePipeHandle, [2] = start.ErrorOutput ?? output.ClientSafePipeHandle,
            },
            NewSession = true,
        });
        input.DisposeLocalCopyOfClientHandle();
        output.DisposeLocalCopyOfClientHandle();
        try
        {
            beforeInput?.Invoke(pid);
            input.Write(Encoding.UTF8.GetBytes(start.Input));
        }
        catch (IOException)
        {
            // It ended without reading its input; what it says tells why.
        }
        finally
        {
            input.Dispose();
        }
        using var reader = new StreamReader(output, Encoding.UTF8);
        var text = reader.ReadToEnd();
        // Where another part of the process took the exit code, what was printed has to tell.
        var end = Processes.Wait(pid);
        return new HelperResult(end.ExitCode ?? (text.Contains("\"error\"", StringComparison.Ordinal) ? 1 : 0), text);
    }
}
