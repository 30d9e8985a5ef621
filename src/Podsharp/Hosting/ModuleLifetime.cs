using System.Management.Automation;

namespace Podsharp.Hosting;

/// <summary>What PowerShell calls when the module comes and goes.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Called on import. Nothing is loaded here: the first engine call does that.</summary>
    public void OnImport() => EngineLoadContext.Attach();

    /// <summary>Called on removal: closes the engines of the session.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        EngineProvider.CloseAll();
        EngineLoadContext.Detach();
    }
}
