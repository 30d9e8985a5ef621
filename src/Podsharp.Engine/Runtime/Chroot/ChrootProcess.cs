using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime.Chroot;

/// <summary>Makes the calling thread what a container's process is: its root, its user, its rights. Its process executes the command then, which ends all other threads.</summary>
internal sealed class ChrootProcess(ChrootSpec spec) : IDisposable
{
    private const int NewUts = 0x4000000; // CLONE_NEWUTS
    private const int NewIpc = 0x8000000; // CLONE_NEWIPC
    private const int NewCgroup = 0x2000000; // CLONE_NEWCGROUP
    private readonly ChrootMounts mounts = new(spec);
    private SafeFileHandle? label;
    private string program = "";

    /// <summary>Does all but what the command must not wait for.</summary>
    /// <exception cref="Model.ContainerEngineException">Something is refused.</exception>
    internal void Prepare()
    {
        EnterNamespaces();
        OpenLabel();
        mounts.MountAll();
        ThreadIdentity.ChangeRoot(spec.Root);
        if (spec.HostName is { Length: > 0 } name && spec.Namespaces.Any(item => item is { Type: "uts", Path: null }))
            ThreadIdentity.SetHostName(name);
        if (!Directory.Exists(spec.WorkingDirectory))
            Files.MakeDirectories(spec.WorkingDirectory, 0x1ED /* 0755 */);
        ThreadIdentity.ChangeDirectory(spec.WorkingDirectory);
        program = FindProgram();
    }

    /// <summary>Executes the command.</summary>
    /// <exception cref="Model.ContainerEngineException">It can't be executed.</exception>
    internal void Execute()
    {
        foreach (var limit in spec.Limits)
            ThreadIdentity.SetLimit(limit);
        ThreadIdentity.Become(spec);
        if (label is not null)
            Files.Write(label, Encoding.UTF8.GetBytes(spec.SELinuxLabel is { Length: > 0 } text ? text : "exec " + spec.AppArmorProfile));
        Processes.Execute(program, spec.Arguments, spec.Environment);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mounts.Dispose();
        label?.Dispose();
    }

    private void EnterNamespaces()
    {
        Namespaces.Unshare(Namespaces.NewMount);
        foreach (var item in spec.Namespaces)
        {
            var kind = item.Type switch { "uts" => NewUts, "ipc" => NewIpc, "network" => Namespaces.NewNetwork, "cgroup" => NewCgroup, _ => 0 };
            if (kind == 0)
                continue;
            if (item.Path is { Length: > 0 } path)
            {
                Namespaces.Enter(path, kind);
                continue;
            }
            try
            {
                Namespaces.Unshare(kind);
            }
            catch (LinuxException refusal) when (refusal.Errno == Errno.PermissionDenied && kind != Namespaces.NewNetwork)
            {
                // The host's then. No network, though, is what somebody counts on.
            }
        }
    }

    // The command's /proc may be another one, or none.
    private void OpenLabel()
    {
        if (spec.SELinuxLabel is { Length: > 0 })
            label = Files.Open("/proc/thread-self/attr/exec", OpenFlags.WriteOnly);
        else if (spec.AppArmorProfile is { Length: > 0 } profile && profile != "unconfined")
            label = Files.TryOpenAt(Files.Absolute, "/proc/thread-self/attr/apparmor/exec", OpenFlags.WriteOnly, 0, out var file) == Errno.None ? file
                : Files.Open("/proc/thread-self/attr/exec", OpenFlags.WriteOnly);
    }

    // In crun's words, which the engine knows.
    private string FindProgram()
    {
        var name = spec.Arguments[0];
        if (name.Contains('/'))
            return IsProgram(name) ? name : throw new FileNotFoundException($"executable file `{name}` not found: No such file or directory");
        var path = spec.Environment.LastOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?[5..] ?? "/usr/sbin:/usr/bin:/sbin:/bin";
        return path.Split(':').Select(directory => $"{directory}/{name}").FirstOrDefault(IsProgram) ?? throw new FileNotFoundException($"executable file `{name}` not found in $PATH: No such file or directory");
    }

    private static bool IsProgram(string path) => Files.TryStatus(path) is { IsRegular: true } status && (status.Mode & 0x49 /* 0111 */) != 0;
}
