using Podsharp.Engine.Configuration;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.UnitTests.Runtime;

public sealed class SystemdModeTests
{
    private static readonly ImageConfig Image = new() { Command = ["/sbin/init"] };

    private static readonly SpecResources Resources = new()
    {
        Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        Name = "boots",
        RootPath = "/store/merged",
        ContainerEnvPath = "/run/c/.containerenv",
        CgroupPath = "/podsharp/x",
    };

    private static readonly HostFacts Hybrid = TestHosts.V1 with
    {
        Cgroups = TestHosts.V1.Cgroups with { Hierarchies = [.. TestHosts.V1.Cgroups.Hierarchies, new CgroupHierarchy(["name=systemd"], "/sys/fs/cgroup/systemd", "/")] },
    };

    private static GeneratedSpec Generate(ContainerSpec spec, HostFacts host, SpecResources? resources = null) =>
        SpecGenerator.Generate(spec, Image, host, new ContainersConf(), resources ?? Resources);

    private static string Mount(GeneratedSpec generated, string target) =>
        Assert.Single(generated.Spec.Mounts!, mount => mount.Destination == target) is var mount ? $"{mount.Type} {mount.Source} {string.Join(',', mount.Options!)}" : "";

    [Theory]
    [InlineData("true", "/sbin/init", true)]
    [InlineData("true", "/usr/sbin/init", true)]
    [InlineData("true", "/usr/local/sbin/init", true)]
    [InlineData("true", "/lib/systemd/systemd --show-status=1", true)]
    [InlineData("true", "systemd", true)]
    [InlineData("true", "/bin/sh -c /sbin/init", true)]
    [InlineData("true", "/bin/sh -c", false)]
    [InlineData("true", "/bin/init", false)]
    [InlineData("true", "init", false)]
    [InlineData("true", "/bin/server /sbin/init", false)]
    [InlineData("false", "/sbin/init", false)]
    [InlineData("always", "/bin/server", true)]
    public void The_command_tells(string mode, string command, bool expected) =>
        Assert.Equal(expected, SystemdRules.Applies(new() { Systemd = mode, Command = command.Split(' ') }, Image, new()));

    [Fact]
    public void Entry_point_and_init_count_and_other_words_are_refused()
    {
        Assert.False(SystemdRules.Applies(new() { EntryPoint = ["/entry"], Command = ["/sbin/init"] }, Image, new()));
        Assert.False(SystemdRules.Applies(new() { Init = true }, Image, new()));
        Assert.True(SystemdRules.Applies(new(), Image, new()));
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => SystemdRules.Applies(new() { Systemd = "yes" }, Image, new())).Kind);
    }

    [Fact]
    public void The_stop_signal_is_the_users_the_images_or_systemds()
    {
        Assert.Equal("SIGRTMIN+3", SystemdRules.StopSignal(new(), Image, new()));
        Assert.Equal("INT", SystemdRules.StopSignal(new() { StopSignal = "INT" }, Image, new()));
        Assert.Equal("SIGQUIT", SystemdRules.StopSignal(new(), Image with { StopSignal = "SIGQUIT" }, new()));
        Assert.Equal("SIGTERM", SystemdRules.StopSignal(new() { Systemd = "false" }, Image, new()));
        Assert.Equal(37, Generate(new(), TestHosts.V2).Process.StopSignal);
    }

    [Fact]
    public void Version_2_has_its_own_groups_writable()
    {
        var generated = Generate(new() { SystemdShmSize = 4096 }, TestHosts.V2);
        Assert.True(generated.Process.Systemd);
        Assert.Equal("cgroup cgroup private,rw", Mount(generated, "/sys/fs/cgroup"));
        foreach (var directory in new[] { "/run", "/run/lock", "/tmp", "/var/log/journal" })
            Assert.Equal("tmpfs tmpfs rw,rprivate,nosuid,nodev,tmpcopyup,size=4096", Mount(generated, directory));
        // What lies below is mounted afterwards.
        var order = generated.Spec.Mounts!.Select(mount => mount.Destination).ToList();
        Assert.InRange(order.IndexOf("/run/.containerenv"), order.IndexOf("/run") + 1, order.Count);
        Assert.Contains("container_uuid=0123456789abcdef0123456789abcdef", generated.Spec.Process!.Env!);
        Assert.DoesNotContain(generated.Process.Environment, variable => variable.StartsWith("container_uuid", StringComparison.Ordinal));
        Assert.Equal("bind /sys/fs/cgroup bind,private,rw", Mount(Generate(new() { CgroupNamespace = new(NamespaceKind.Host) }, TestHosts.V2), "/sys/fs/cgroup"));
    }

    [Fact]
    public void Version_1_has_the_named_hierarchy_without_its_release_agent()
    {
        var generated = Generate(new(), Hybrid);
        Assert.Equal("bind /sys/fs/cgroup/systemd nosuid,noexec,nodev,bind,rprivate", Mount(generated, "/sys/fs/cgroup/systemd"));
        Assert.Contains("/sys/fs/cgroup/systemd/release_agent", generated.Spec.Linux!.MaskedPaths!);
        Assert.Equal(["/sys/fs/cgroup/systemd/release_agent"], Generate(new() { Privileged = true }, Hybrid).Spec.Linux!.MaskedPaths!);
        Assert.DoesNotContain(Generate(new(), TestHosts.V1).Spec.Mounts!, mount => mount.Destination == "/sys/fs/cgroup/systemd");
        var error = Assert.Throws<ContainerEngineException>(() => Generate(new() { CgroupNamespace = new(NamespaceKind.Private) }, Hybrid));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }

    [Fact]
    public void What_a_user_mounts_stays_and_nothing_is_added_without_systemd()
    {
        var own = Resources with { Mounts = [new() { Type = MountType.Tmpfs, Target = "/run", Options = ["size=1m"] }] };
        Assert.Contains("size=1m", Mount(Generate(new(), TestHosts.V2, own), "/run"), StringComparison.Ordinal);
        var plain = Generate(new() { Systemd = "false" }, TestHosts.V2);
        Assert.DoesNotContain(plain.Spec.Mounts!, mount => mount.Destination is "/run" or "/tmp");
        Assert.DoesNotContain(plain.Spec.Process!.Env!, variable => variable.StartsWith("container_uuid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_privileged_one_has_no_virtual_consoles()
    {
        var devices = Resources with { Devices = [new HostDevice("/dev/tty1", "c", 4, 1, 0x190, 0, 5), new HostDevice("/dev/ttyS0", "c", 4, 64, 0x1b0, 0, 20), new HostDevice("/dev/fuse", "c", 10, 229, 0x1b6, 0, 0)] };
        Assert.Equal(["/dev/ttyS0", "/dev/fuse"], Generate(new() { Privileged = true }, TestHosts.V2, devices).Spec.Linux!.Devices!.Select(device => device.Path));
        Assert.Equal(3, Generate(new() { Privileged = true, Systemd = "false" }, TestHosts.V2, devices).Spec.Linux!.Devices!.Count);
    }
}
