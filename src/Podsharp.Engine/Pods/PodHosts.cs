using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.State;

namespace Podsharp.Engine.Pods;

/// <summary>The names of a pod's running containers in the hosts file that they share, which is the infra container's.</summary>
internal sealed class PodHosts(EngineParts parts)
{
    /// <summary>Adds a container that is being set up.</summary>
    public void Add(ContainerRecord record) => Change(record, present => present.Contains(LineOf(record), StringComparison.Ordinal) ? null : present + LineOf(record));

    /// <summary>Takes out a container that has ended; its pod's file may be gone.</summary>
    public void Remove(ContainerRecord record) => Change(record, present =>
        present.Contains(LineOf(record), StringComparison.Ordinal) ? present.Replace(LineOf(record), "", StringComparison.Ordinal) : null);

    private static string LineOf(ContainerRecord record) => $"127.0.0.1\t{record.Name}\n";

    private void Change(ContainerRecord record, Func<string, string?> change)
    {
        if (!record.Config.SharesPodNetwork() || record.Config.Spec.NoHosts)
            return;
        var directory = parts.Storage.RunDirectory(record.Config.InfraId);
        var path = Path.Combine(directory, "hosts");
        if (!File.Exists(path))
            return;
        // Containers of a pod start and end at once, and the file is changed in place, since they all have it mounted.
        using var held = FileLock.Acquire(path + ".lock", LockMode.Exclusive, CancellationToken.None, fileMode: 0x180);
        if (Files.TryReadAll(path) is { } content && change(Encoding.UTF8.GetString(content)) is { } text)
            HostsFile.Rewrite(path, text);
    }
}
