using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>Runs helper programs in another network namespace.</summary>
/// <param name="path">The namespace's file.</param>
/// <param name="runner">Runs them.</param>
internal sealed class NamespaceRunner(string path, IHelperRunner runner) : IHelperRunner
{
    /// <inheritdoc/>
    public HelperResult Run(HelperStart start) => Namespaces.RunInNetwork(path, () => runner.Run(start));
}
