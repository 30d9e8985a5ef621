using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;

namespace Podsharp.Engine.Networks;

/// <summary>The network namespace in which an ordinary user's bridges are. It comes with the first container on a network and goes with the last.</summary>
/// <remarks>
/// Each container that joins leaves a file, named as the file of its own network namespace; it counts as long as that one is mounted. So
/// the kernel says who uses the namespace: a number that is counted up and down would be wrong after the first kill. Nobody but the container's own
/// take-down, which is repeated until it has come to its end, takes the last one's leave.
/// </remarks>
/// <param name="settings">Paths and choices.</param>
/// <param name="runner">Runs a program.</param>
internal sealed class RootlessNamespace(NetworkSettings settings, IHelperRunner runner)
{
    private const uint PrivateDirectory = 0x1C0; // 0700
    private readonly RootlessConnection connection = new(settings, runner);

    /// <summary>The namespace's file.</summary>
    internal string Path { get; } = PathIn(settings);

    /// <summary>Whether it is there.</summary>
    internal bool Exists => NetworkNamespaces.Exists(Path);

    private string Users => System.IO.Path.Combine(settings.RootlessDirectory, "users");

    /// <summary>The file of the namespace under these settings.</summary>
    internal static string PathIn(NetworkSettings settings) => System.IO.Path.Combine(settings.RootlessDirectory, "netns");

    /// <summary>Makes sure that it can be made.</summary>
    internal void Require() => connection.Require();

    /// <summary>How it reaches the host.</summary>
    internal RootlessWay Way() => connection.Way(Path);

    /// <summary>Makes sure that the namespace is there and has its way out, and notes a container that uses it.</summary>
    /// <param name="containerNamespace">The file of the container's network namespace, which is mounted.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>Whether it was made.</returns>
    internal bool Join(string containerNamespace, CancellationToken cancellationToken)
    {
        using var held = Lock(cancellationToken);
        var isNew = !Exists;
        try
        {
            if (isNew) Make();
            connection.Ensure(Path, isNew);
            StepPoints.Reach("network.rootless.connected");
            Files.MakeDirectories(Users, PrivateDirectory);
            Files.Replace(MarkOf(containerNamespace), [], 0x180 /* 0600 */, durable: false);
        }
        catch
        {
            if (!HasUsers()) Remove();
            throw;
        }
        StepPoints.Reach("network.rootless.joined");
        return isNew;
    }

    /// <summary>Forgets a container whose own network namespace is gone; with the last one the namespace goes. One that isn't noted is fine.</summary>
    internal void Leave(string containerNamespace)
    {
        if (!Directory.Exists(settings.RootlessDirectory)) return;
        using var held = Lock(CancellationToken.None);
        _ = Files.TryRemove(MarkOf(containerNamespace));
        StepPoints.Reach("network.rootless.left");
        if (!HasUsers()) Remove();
    }

    /// <summary>Whether it, or a part of it, is there without a container that uses it.</summary>
    internal bool IsForsaken()
    {
        if (!Directory.Exists(settings.RootlessDirectory)) return false;
        // Whoever joins or leaves right now holds the lock.
        using var held = FileLock.TryAcquire(settings.RootlessLock, LockMode.Exclusive, fileMode: 0x180 /* 0600 */);
        return held is not null && Directory.Exists(settings.RootlessDirectory) && !HasUsers();
    }

    private void Make()
    {
        // Of a namespace that is lost its helpers may be left.
        if (Directory.Exists(settings.RootlessDirectory)) Remove();
        Files.MakeDirectories(settings.RootlessDirectory, PrivateDirectory);
        NetworkNamespaces.MakeAt(Path);
        StepPoints.Reach("network.rootless.made");
    }

    private void Remove()
    {
        connection.End(Path);
        EndNameServer();
        StepPoints.Reach("network.rootless.ended");
        NetworkNamespaces.Delete(Path);
        StepPoints.Reach("network.rootless.deleted");
        Files.RemoveTree(settings.RootlessDirectory);
    }

    // aardvark-dns ends when it has no names left; it has some where somebody was killed.
    private void EndNameServer()
    {
        var directory = System.IO.Path.Combine(settings.RunDirectory, "aardvark-dns");
        using var server = OwnProcess.OfFile(System.IO.Path.Combine(directory, "aardvark.pid"), arguments => arguments.Contains(directory));
        server?.End();
    }

    private bool HasUsers()
    {
        foreach (var entry in Files.ReadDirectory(Users))
        {
            var name = Encoding.UTF8.GetString(entry.Name);
            if (NetworkNamespaces.Exists(System.IO.Path.Combine(settings.NamespaceDirectory, name))) return true;
            _ = Files.TryRemove(System.IO.Path.Combine(Users, name));
        }
        return false;
    }

    private string MarkOf(string containerNamespace) => System.IO.Path.Combine(Users, System.IO.Path.GetFileName(containerNamespace));

    private FileLock Lock(CancellationToken cancellationToken)
    {
        Files.MakeDirectories(System.IO.Path.GetDirectoryName(settings.RootlessLock)!, PrivateDirectory);
        return FileLock.Acquire(settings.RootlessLock, LockMode.Exclusive, cancellationToken, 0x180 /* 0600 */);
    }
}
