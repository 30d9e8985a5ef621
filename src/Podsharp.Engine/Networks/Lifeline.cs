using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>A pipe through which nothing goes: whoever watches one end is told when nobody holds the other one any more.</summary>
internal sealed class Lifeline : IDisposable
{
    /// <summary>Makes one.</summary>
    internal Lifeline() => (Watched, Held) = Descriptors.Pipe();

    /// <summary>The end for the process that is to end.</summary>
    internal SafeFileHandle Watched { get; }

    /// <summary>The end for the process with which it ends.</summary>
    internal SafeFileHandle Held { get; }

    /// <summary>Lets go of both: the processes have their own.</summary>
    public void Dispose()
    {
        Watched.Dispose();
        Held.Dispose();
    }
}
