using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime.Chroot;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>RUN without an OCI runtime (<see cref="BuildIsolation.Chroot"/>): the executable stands in for it. What only a runtime can do is refused, never left out in silence, but
/// for the default filter of system calls, which is what this isolation is without.</summary>
internal static class ChrootIsolation
{
    /// <summary>Refuses what can't be had.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal static void Check(ImageBuildRequest request)
    {
        if (request.Isolation != BuildIsolation.Chroot)
            return;
        var run = request.Run;
        if (run.Resources != new ResourceLimits() || run.CgroupParent is { Length: > 0 })
            throw Refusal("limits of a control group", "no control group is made");
        if (run.UserNamespace is not null || run.UserMap.Count > 0 || run.GroupMap.Count > 0 || run.SubUserName is not null || run.SubGroupName is not null)
            throw Refusal("user namespaces", "the commands have the engine's own");
        if (SecurityOptions.Value(run.SecurityOptions, "seccomp") is { } profile && profile != "unconfined")
            throw Refusal("a filter of system calls", "only an OCI runtime makes one");
        if (request.RuntimeFlags.Count > 0 || request.HookDirectories.Count > 0)
            throw Refusal("options and hooks of the OCI runtime", "there is none");
    }

    /// <summary>The container with what stands in for its runtime.</summary>
    internal static ContainerSpec Apply(ContainerSpec spec, BuildJob job)
    {
        if (job.Request.Isolation != BuildIsolation.Chroot)
            return spec;
        return spec with
        {
            Runtime = Link(job),
            Cgroups = "disabled",
            CgroupNamespace = NamespaceMode.Parse("host", "--cgroupns"),
            // As under podman: a host on which no runtime works seldom has a network for containers.
            Network = spec.Network.Kind == NamespaceKind.Default && spec.Networks.Count == 0 ? NamespaceMode.Parse("host", "--network") : spec.Network,
            IpcNamespace = spec.IpcNamespace.Kind == NamespaceKind.Default ? NamespaceMode.Parse("private", "--ipc") : spec.IpcNamespace,
        };
    }

    // It goes with the build, after its containers.
    private static string Link(BuildJob job)
    {
        var path = Path.Combine(job.Session.NewDirectory(), ChrootRuntime.Name);
        LinuxError.Check(Files.TryMakeSymlink(job.Parts.Executables.PathOf(job.Parts.Executables.Ensure()), Files.Absolute, path), "make a link at", path);
        return path;
    }

    private static ContainerEngineException Refusal(string what, string why) =>
        EngineErrors.Unsupported($"{what} can't be had with --isolation=chroot: {why}", "chroot", "leave one of the two out");
}
