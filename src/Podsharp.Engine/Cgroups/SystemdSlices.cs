using System.Globalization;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>Slices with properties of their own, which live until they are stopped or the host is. systemd is asked through its own programs: no
/// client of its bus is needed.</summary>
/// <param name="find">Finds a program of the host; null where it isn't installed.</param>
internal sealed class SystemdSlices(Func<string, string?> find)
{
    private const string Service = "org.freedesktop.systemd1";
    private const string Manager = "/org/freedesktop/systemd1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // How long a slice that was stopped may be remembered.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    /// <summary>Starts a slice, or gives one that is there these properties.</summary>
    /// <param name="slice">Its name.</param>
    /// <param name="directory">Its control group.</param>
    /// <param name="properties">What it gets.</param>
    /// <exception cref="ContainerEngineException">systemd refuses.</exception>
    internal void Start(string slice, string directory, IReadOnlyList<SystemdProperty> properties)
    {
        string[] list = [properties.Count.ToString(CultureInfo.InvariantCulture), .. properties.SelectMany(property => (string[])[property.Name, property.Signature, .. property.Words])];
        var deadline = DateTime.UtcNow + Memory;
        while (true)
        {
            var outcome = Directory.Exists(directory)
                ? Call("SetUnitProperties", "sba(sv)", [slice, "true", .. list])
                : Call("StartTransientUnit", "ssa(sv)a(sa(sv))", [slice, "fail", .. list, "0"]);
            if (outcome.ExitCode is null or 0)
                return;
            if (Directory.Exists(directory) || DateTime.UtcNow > deadline || !outcome.Error.Contains("already", StringComparison.Ordinal))
                throw Failed(slice, outcome);
            // Stopped a moment ago, and not forgotten yet.
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Stops a slice, unless something runs in it after a moment: the last commands of its containers end by themselves.</summary>
    /// <param name="slice">Its name.</param>
    /// <param name="directory">Its control group.</param>
    internal void Stop(string slice, string directory)
    {
        var deadline = DateTime.UtcNow + Memory;
        while (IsPopulated(directory))
        {
            if (DateTime.UtcNow > deadline)
                return;
            Thread.Sleep(Pause);
        }
        if (Directory.Exists(directory))
            _ = Run("systemctl", ["stop", "--quiet", slice]);
    }

    // cgroup-v2.rst, cgroup.events
    private static bool IsPopulated(string directory) => Files.TryReadAll(directory + "/cgroup.events") is { } events && events.AsSpan().IndexOf("populated 1"u8) >= 0;

    private ProgramOutcome Call(string method, string signature, IReadOnlyList<string> arguments) =>
        Run("busctl", ["call", "--quiet", Service, Manager, Service + ".Manager", method, signature, .. arguments]);

    private ProgramOutcome Run(string program, IReadOnlyList<string> arguments)
    {
        var path = find(program) ?? throw EngineErrors.MissingComponent(program, "to have systemd make the control group of a pod", "systemd");
        return Programs.Run(new SpawnRequest { Path = path, Arguments = [program, .. arguments], Environment = ["PATH=/usr/bin:/bin"] }, Patience);
    }

    private static ContainerEngineException Failed(string slice, ProgramOutcome outcome) => new(ErrorKind.Unsupported, "CgroupLimit",
        $"systemd can't make the slice {slice}: {outcome.Error.Trim().Split('\n')[^1]}", slice, "make the pod without these limits, or with --cgroup-manager cgroupfs");
}
