using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Podsharp.Hosting;

/// <summary>The private load context of the engine and what it brings (SQLite, YAML): another module in the session may bring other
/// versions of the same assemblies.</summary>
/// <remarks>Only Podsharp and Podsharp.Model live in the default context. Podsharp's own references to Podsharp.Engine and
/// Podsharp.Orchestration are answered from here by <see cref="Attach"/>, so they and their types exist once. It is not collectible: native
/// libraries and their callbacks can't be unloaded safely.</remarks>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    private static readonly Lazy<EngineLoadContext> Shared = new(() => new EngineLoadContext());

    private readonly string directory;

    private EngineLoadContext()
        : base("Podsharp") =>
        directory = Path.Combine(Path.GetDirectoryName(typeof(EngineLoadContext).Assembly.Location)!, "engine");

    /// <summary>Begins to answer the default context's questions for the engine's assemblies.</summary>
    public static void Attach() => Default.Resolving += Resolve;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == "Podsharp.Model")
            return typeof(Model.Container).Assembly;
        var path = Path.Combine(directory, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string[] folders = [directory, Path.Combine(directory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];
        string[] names = [unmanagedDllName, $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.so"];
        foreach (var folder in folders)
            foreach (var name in names)
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                    return LoadUnmanagedDllFromPath(path);
            }
        return 0;
    }

    // Only names that are ours: what other modules miss is theirs to find.
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is "Podsharp.Engine" or "Podsharp.Orchestration" or "Podsharp.Wire" ? Shared.Value.LoadFromAssemblyName(name) : null;
}
