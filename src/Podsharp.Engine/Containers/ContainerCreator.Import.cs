using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

// Containers that were elsewhere.
internal sealed partial class ContainerCreator
{
    /// <summary>Makes a container that was checkpointed elsewhere: it has ended, and can be restored.</summary>
    /// <param name="what">The container.</param>
    /// <param name="fill">Brings its files once its storage and its volumes are made; it is not seen by anybody until that has come to its end, and undone where it
    /// hasn't. The container's lock is held.</param>
    /// <param name="cancellationToken">Ends it, until it is made.</param>
    /// <exception cref="ContainerEngineException">What a creation raises: NameInUse, when its id is taken, too.</exception>
    public ContainerCreateResult Import(ImportedContainer what, Action<ContainerRecord> fill, CancellationToken cancellationToken) => throw new NotImplementedException();
}
