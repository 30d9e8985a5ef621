using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Removes large directories of containers without waiting for it: to give back a few hundred megabytes takes the kernel a tenth of a second. They are moved
/// out of sight first, into the store's own staging: what a killed helper leaves there goes with the next writing to the store.</summary>
internal sealed class FileDiscarder(EngineParts parts)
{
    private const string Remover = "/bin/rm";

    /// <summary>Removes directories; those that aren't there are passed over.</summary>
    public void Discard(IEnumerable<string> directories)
    {
        var there = directories.Where(Directory.Exists).ToList();
        if (there.Count == 0)
            return;
        using var staging = parts.Storage.BeginFiles();
        foreach (var directory in there)
            LinuxError.Check(Files.TryRename(directory, staging.NewPath("discarded")), "move", directory);
        if (File.Exists(Remover))
            Remove(staging.Abandon());
    }

    private void Remove(IReadOnlyList<string> paths)
    {
        try
        {
            var pid = Processes.Spawn(new SpawnRequest
            {
                Path = Remover,
                Arguments = [Remover, "-rf", "--", .. paths],
                Environment = parts.ChildEnvironment,
                NewSession = true,
            });
            // Nobody waits for it, but a session that outlives it would keep its remains.
            new Thread(() => Processes.Wait(pid)) { IsBackground = true, Name = "podsharp discarder's reaper" }.Start();
        }
        catch (ContainerEngineException)
        {
            // The next writing to the store has it done.
        }
    }
}
