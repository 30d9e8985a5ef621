using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Gives containers other names: in the state, and in the shared store, where other engines see them.</summary>
internal sealed class ContainerRenamer(EngineParts parts)
{
    /// <summary>Renames a container, whatever state it is in. What its run was told (hosts file, name server) stays until the next one.</summary>
    /// <exception cref="ContainerEngineException">NameInUse, by ours or by a container of another engine; InvalidArgument.</exception>
    public Container Rename(string nameOrId, string name, CancellationToken cancellationToken)
    {
        ContainerNames.Validate(name);
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.Name == name)
                return parts.Lister.ToModel(record, lost: false);
            var old = record.Name;
            // The name is taken in the state from here on; the store follows.
            record = parts.Containers.Commit(Named(record, name) with { Intent = Intent.Rename }, "rename-begin");
            try
            {
                Store(record);
            }
            catch
            {
                parts.Containers.Commit(Named(record, old) with { Intent = null }, "rename-undo");
                throw;
            }
            StepPoints.Reach("container.rename.storage");
            return parts.Lister.ToModel(parts.Containers.Commit(record with { Intent = null }, "rename", "rename"), lost: false);
        }
    }

    /// <summary>Finishes a renaming that was begun; where the store can't take the name any more, the container keeps the store's.</summary>
    public ContainerRecord Settle(ContainerRecord record)
    {
        try
        {
            Store(record);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NameInUse)
        {
            var name = parts.Storage.FindContainer(record.Id)?.Names is [var stored, ..] ? stored : record.Name;
            return parts.Containers.Commit(Named(record, name) with { Intent = null }, "rename-undo");
        }
        return parts.Containers.Commit(record with { Intent = null }, "rename", "rename");
    }

    private void Store(ContainerRecord record) =>
        parts.Storage.RenameContainer(record.Id, record.Name, ContainerCreator.StorageMetadata(record.Config, record.Created));

    private static ContainerRecord Named(ContainerRecord record, string name) => record with { Name = name, Config = record.Config with { Name = name } };
}
