using System.Management.Automation;

namespace Podsharp.Hosting;

/// <summary>What PowerShell calls when the module comes and goes.</summary>
/// <remarks>Each runspace of the process imports the module for itself; the engines are shared, and closed when the last one removes it.</remarks>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int imports;
    private static int attached;

    /// <summary>Called on import. Nothing is loaded here: the first engine call does that.</summary>
    public void OnImport()
    {
        Interlocked.Increment(ref imports);
        if (Interlocked.Exchange(ref attached, 1) == 0)
            EngineLoadContext.Attach();
    }

    /// <summary>Called on removal.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        // What resolves the engine's assemblies stays: one that is loaded may load another later.
        if (Interlocked.Decrement(ref imports) == 0)
        {
            ContainerEventSource.StopAll();
            EngineProvider.CloseAll();
        }
    }
}
