using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>A container's forwarder (<see cref="PortForwarder"/>), seen from outside: our own executable, which is told by descriptors what to do.</summary>
/// <param name="directory">Where notes of the forwarders are.</param>
/// <param name="namespacePath">The network namespace into which they forward.</param>
/// <param name="id">The container.</param>
internal sealed class ForwarderProcess(string directory, string namespacePath, string id)
{
    private const string Command = "forward-ports";
    private string Note => Path.Combine(directory, id);

    /// <summary>Whether these are a forwarder's arguments.</summary>
    internal static bool IsForwarder(IReadOnlyList<string> arguments) => arguments.Count > 2 && arguments[1] == Command;

    /// <summary>Starts it.</summary>
    /// <param name="executable">The installed executable.</param>
    /// <param name="name">The container's name, for whoever finds that it has a port.</param>
    /// <param name="plan">Where to.</param>
    /// <param name="listeners">The host's sockets.</param>
    /// <param name="started">Told its process id.</param>
    internal void Start(string executable, string name, ForwardingPlan plan, PortListeners listeners, Action<int> started)
    {
        using var text = MemoryFile.Create(Command);
        Files.Write(text, Encoding.ASCII.GetBytes(plan.ForListeners(listeners)));
        using var target = Files.Open(namespacePath, OpenFlags.ReadOnly);
        var descriptors = new Dictionary<int, SafeHandle> { [PortForwarder.PlanDescriptor] = text, [PortForwarder.NamespaceDescriptor] = target };
        foreach (var listener in listeners.All) descriptors[PortForwarder.FirstSocket + descriptors.Count - 2] = listener.Socket.SafeHandle;
        var pid = Processes.Spawn(new SpawnRequest { Path = executable, Arguments = [executable, Command, id, name], Descriptors = descriptors, NewSession = true });
        State.StepPoints.Reach("network.forwarder.started");
        Files.MakeDirectories(directory, 0x1C0 /* 0700 */);
        Files.Replace(Note, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pid}\n{Task(plan)}\n")), 0x180 /* 0600 */, durable: false);
        started(pid);
    }

    /// <summary>Whether one was started and not ended by us.</summary>
    internal bool IsNoted => File.Exists(Note);

    /// <summary>Whether one runs that does this.</summary>
    internal bool IsRunning(ForwardingPlan plan)
    {
        if (ReadNote() is not [var pid, var text, ..] || text != Task(plan)) return false;
        using var process = Open(pid);
        return process is not null;
    }

    /// <summary>Its process id; 0 without one.</summary>
    internal int Pid => ReadNote() is [var pid, ..] && int.TryParse(pid, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Ends it; none is fine.</summary>
    internal void Stop()
    {
        // Without a note its starter was killed, or never got so far.
        var note = ReadNote();
        using var process = note is [var pid, ..] ? Open(pid) : OwnProcess.Find(IsOurs);
        process?.End();
        _ = Files.TryRemove(Note);
    }

    // A namespace that was made anew is another one.
    private string Task(ForwardingPlan plan) => string.Create(CultureInfo.InvariantCulture, $"{Files.TryStatus(namespacePath)?.Inode} {plan.ToText()}");

    private OwnProcess? Open(string pid) => int.TryParse(pid, CultureInfo.InvariantCulture, out var number) ? OwnProcess.Open(number, IsOurs) : null;

    private bool IsOurs(IReadOnlyList<string> arguments) => IsForwarder(arguments) && arguments[2] == id;

    private string[] ReadNote() => Files.TryReadAll(Note) is { } bytes ? Encoding.UTF8.GetString(bytes).Split('\n') : [];
}
