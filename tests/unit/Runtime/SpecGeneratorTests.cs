using System.Text;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.UnitTests.Runtime;

/// <summary>config.json as whole documents, and the rules that are easier seen alone. Set PODSHARP_GOLDEN to the source directory of the
/// golden files to write them anew.</summary>
public sealed class SpecGeneratorTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly ImageConfig Image = new()
    {
        Command = ["/bin/server"],
        Environment = ["PATH=/app:/bin", "LANG=C.UTF-8"],
        WorkingDirectory = "/srv",
        StopSignal = "SIGQUIT",
    };

    private static readonly SpecResources Resources = new()
    {
        Id = Id,
        Name = "web",
        RootPath = "/store/merged",
        HostsPath = "/run/c/hosts",
        ResolvConfPath = "/run/c/resolv.conf",
        HostnamePath = "/run/c/hostname",
        ContainerEnvPath = "/run/c/.containerenv",
        ShmPath = "/store/shm",
        NetworkNamespacePath = "/run/netns/x",
        CgroupPath = "/podsharp/" + Id,
        CallerEnvironment = new Dictionary<string, string> { ["HTTPS_PROXY"] = "http://proxy:3128", ["SECRET"] = "no" },
        Seccomp = SeccompProfile.FromJson("test", """
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,
             "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]}],
             "syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW","args":[]},
                         {"names":["chroot"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_CHROOT"]}},
                         {"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}},
                         {"names":["mount"],"action":"SCMP_ACT_ERRNO","errnoRet":1,"excludes":{"caps":["CAP_SYS_ADMIN"]}}]}
            """u8.ToArray()),
    };

    [Fact]
    public void Default() => Golden("default", new ContainerSpec(), TestHosts.V2);

    [Fact]
    public void DefaultOnVersion1() => Golden("default-v1", new ContainerSpec(), TestHosts.V1);

    [Fact]
    public void Privileged() => Golden("privileged", new ContainerSpec { Privileged = true, Terminal = true }, TestHosts.V2, Resources with
    {
        Seccomp = null,
        Devices = [new HostDevice("/dev/fuse", "c", 10, 229, 0x1b6, 0, 0)],
    });

    [Fact]
    public void Rootless() => Golden("rootless", new ContainerSpec
    {
        Network = new(NamespaceKind.Host),
        Resources = new() { Memory = 1 << 20, OomScoreAdj = -5 },
    }, TestHosts.Rootless, Resources with { CgroupPath = "", NetworkNamespacePath = null });

    [Fact]
    public void UserWithoutPrivileges() => Golden("user", new ContainerSpec
    {
        User = "web",
        AddCapabilities = ["net_raw"],
        DropCapabilities = ["CHOWN"],
        EntryPoint = ["/entry", "-x"],
        Command = ["arg"],
        Environment = new Dictionary<string, string> { ["LANG"] = "de", ["A"] = "b=c" },
        SecurityOptions = ["no-new-privileges", "mask=/secret:/other", "unmask=/proc/acpi"],
        Umask = "0077",
        HostName = "box",
    }, TestHosts.V2, Resources with { User = new ResolvedUser(33, 34, [44], "/srv/web", "web") });

    [Fact]
    public void Limits() => Golden("limits", new ContainerSpec
    {
        Resources = new()
        {
            Memory = 64 << 20, MemoryReservation = 32 << 20, MemorySwappiness = 10, Cpus = 1.5, CpuShares = 512, CpuSetCpus = "0-1", PidsLimit = 50,
            OomKillDisable = true,
        },
        Ulimits = [new Ulimit("nofile", 1024, 4096), new Ulimit("core", 0, -1)],
        Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "1024", ["kernel.shmmax"] = "1000" },
    }, TestHosts.V1);

    [Fact]
    public void ReadOnlyWithMountsAndInit() => Golden("mounts", new ContainerSpec { ReadOnly = true, Init = true, IpcNamespace = new(NamespaceKind.Private) },
        TestHosts.V2, Resources with
        {
            InitPath = "/usr/bin/catatonit",
            ShmPath = null,
            Mounts =
            [
                new ResolvedMount { Type = MountType.Volume, Source = "/vol/data/_data", Target = "/var/lib/data", VolumeName = "data", Options = ["nocopy"] },
                new ResolvedMount { Type = MountType.Bind, Source = "/home/me", Target = "/home", Options = ["ro", "z", "rslave"] },
                new ResolvedMount { Type = MountType.Tmpfs, Target = "/run", Options = ["size=1m", "exec", "mode=0700"] },
                new ResolvedMount { Type = MountType.Bind, Source = "/my/hosts", Target = "/etc/hosts" },
            ],
        });

    [Fact]
    public void JoinedNamespaces() => Golden("namespaces", new ContainerSpec
    {
        PidNamespace = new(NamespaceKind.Host),
        UtsNamespace = new(NamespaceKind.Host),
        IpcNamespace = new(NamespaceKind.Container, "other"),
        Network = new(NamespaceKind.Path, "/run/netns/mine"),
        CgroupNamespace = new(NamespaceKind.Host),
    }, TestHosts.V2, Resources with { IpcNamespacePath = "/proc/77/ns/ipc", NetworkNamespacePath = null });

    [Fact]
    public void AnEntryPointOfOnesOwnLeavesTheImagesCommand()
    {
        var image = new ImageConfig { EntryPoint = ["/e"], Command = ["c"] };
        Assert.Equal(["/e", "c"], Arguments(new ContainerSpec(), image));
        Assert.Equal(["/e", "x"], Arguments(new ContainerSpec { Command = ["x"] }, image));
        Assert.Equal(["/mine"], Arguments(new ContainerSpec { EntryPoint = ["/mine"] }, image));
        Assert.Equal(["sh"], Arguments(new ContainerSpec { EntryPoint = [""], Command = ["sh"] }, image));
        Assert.Equal(ErrorKind.InvalidArgument, Fails(new ContainerSpec { EntryPoint = [""] }, image).Kind);
    }

    [Fact]
    public void LimitsAreClampedToTheHostAndTellSo()
    {
        var weak = TestHosts.V2 with { EffectiveCapabilities = CapabilitySet.None };
        var spec = Generate(new ContainerSpec { Ulimits = [new Ulimit("nofile", 1000000, 1000000)] }, weak);
        Assert.Contains(new OciRlimit("RLIMIT_NOFILE", 524288, 524288), spec.Spec.Process.Rlimits!);
        Assert.Contains(new OciRlimit("RLIMIT_NPROC", 60000, 60000), spec.Spec.Process.Rlimits!);
        Assert.Contains("nofile", Assert.Single(spec.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void UnlimitedIsWrittenAsAllOnes() => Assert.Contains(new OciRlimit("RLIMIT_CORE", ulong.MaxValue, 0),
        Generate(new ContainerSpec { Ulimits = [new Ulimit("core", 0, -1)] }, TestHosts.V2).Spec.Process.Rlimits!);

    [Theory]
    [InlineData(null, 200L)]
    [InlineData(-1L, -1L)]
    [InlineData(150L, 150L)]
    public void SwapIsTwiceTheMemoryUnlessAsked(long? asked, long expected) =>
        Assert.Equal(expected, Generate(new ContainerSpec { Resources = new() { Memory = 100, MemorySwap = asked } }, TestHosts.V2).Spec.Linux.Resources!.Memory!.Swap);

    [Fact]
    public void ContradictionsAreRefused()
    {
        Fails(new ContainerSpec { Resources = new() { Memory = 100, MemorySwap = 50 } });
        Fails(new ContainerSpec { Resources = new() { Memory = 100, MemoryReservation = 200 } });
        Fails(new ContainerSpec { Resources = new() { Cpus = 1, CpuQuota = 1000 } });
        Fails(new ContainerSpec { Resources = new() { OomScoreAdj = 2000 } });
        Fails(new ContainerSpec { AddCapabilities = ["CHOWN"], DropCapabilities = ["CAP_CHOWN"] });
        Fails(new ContainerSpec { AddCapabilities = ["NOSUCH"] });
        Fails(new ContainerSpec { Resources = new() { OomKillDisable = true } }, kind: ErrorKind.Unsupported);
        Fails(new ContainerSpec { Resources = new() { MemorySwappiness = 10 } }, kind: ErrorKind.Unsupported);
        Fails(new ContainerSpec { Resources = new() { CpuRealtimeRuntime = 1000 } }, kind: ErrorKind.Unsupported);
        Fails(new ContainerSpec { Personality = "PDP11" });
        Fails(new ContainerSpec { Sysctls = new Dictionary<string, string> { ["vm.swappiness"] = "1" } });
        Fails(new ContainerSpec { Network = new(NamespaceKind.Host), Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "1" } });
        Fails(new ContainerSpec { Ulimits = [new Ulimit("nosuch", 1, 1)] });
        Fails(new ContainerSpec { Ulimits = [new Ulimit("nofile", 5, 1)] });
        Fails(new ContainerSpec { SecurityOptions = ["what"] });
        Fails(new ContainerSpec { StopSignal = "SIGWHAT" });
        Fails(new ContainerSpec { Umask = "9" });
    }

    [Fact]
    public void ControllersThatAreMissingAreToldOf()
    {
        var host = TestHosts.V2 with { Cgroups = TestHosts.V2.Cgroups with { Controllers = new HashSet<string>() } };
        var spec = Generate(new ContainerSpec { Resources = new() { Memory = 100, Cpus = 1, CpuSetCpus = "0" } }, host);
        Assert.Equal(3, spec.Warnings.Count);
        Assert.Null(spec.Spec.Linux.Resources!.Memory);
        Assert.Null(spec.Spec.Linux.Resources.Pids);
    }

    [Fact]
    public void WithHostNetworkTheHostNameIsTheHosts() =>
        Assert.Equal("big-host", Generate(new ContainerSpec { Network = new(NamespaceKind.Host) }, TestHosts.V2).Spec.Hostname);

    [Fact]
    public void AnExecTakesTheContainersProcess()
    {
        var configuration = Generate(new ContainerSpec(), TestHosts.V2).ToJson();
        var text = Encoding.UTF8.GetString(ExecProcess.Generate(configuration, new ExecSpec
        {
            Command = ["id"], Terminal = true, WorkingDirectory = "/tmp", Environment = new Dictionary<string, string> { ["X"] = "1" },
        }, new ResolvedUser(33, 33, [44], "/srv/web", "web"), TestHosts.V2));
        Assert.Contains("\"args\":[\"id\"]", text, StringComparison.Ordinal);
        Assert.Contains("\"uid\":33,\"gid\":33,\"umask\":18,\"additionalGids\":[44]", text, StringComparison.Ordinal);
        Assert.Contains("\"effective\":[]", text, StringComparison.Ordinal);
        Assert.Contains("\"HOME=/srv/web\"", text, StringComparison.Ordinal);
        Assert.Contains("\"TERM=xterm\",\"X=1\"", text, StringComparison.Ordinal);
        Assert.Contains("\"cwd\":\"/tmp\"", text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Arguments(ContainerSpec spec, ImageConfig image) =>
        SpecGenerator.Generate(spec, image, TestHosts.V2, new ContainersConf(), Resources).Process.Arguments;

    private static GeneratedSpec Generate(ContainerSpec spec, HostFacts host) => SpecGenerator.Generate(spec, Image, host, new ContainersConf(), Resources);

    private static ContainerEngineException Fails(ContainerSpec spec, ImageConfig? image = null, ErrorKind kind = ErrorKind.InvalidArgument)
    {
        var error = Assert.Throws<ContainerEngineException>(() => SpecGenerator.Generate(spec, image ?? Image, TestHosts.V2, new ContainersConf(), Resources));
        Assert.Equal(kind, error.Kind);
        return error;
    }

    private static void Golden(string name, ContainerSpec spec, HostFacts host, SpecResources? resources = null)
    {
        var generated = SpecGenerator.Generate(spec, Image, host, new ContainersConf(), resources ?? Resources);
        var text = Encoding.UTF8.GetString(OciSpecJson.Serialize(generated.Spec, indented: true)) + "\n"
            + string.Concat(generated.Warnings.Select(warning => "// " + warning + "\n"));
        if (Environment.GetEnvironmentVariable("PODSHARP_GOLDEN") is { Length: > 0 } directory)
            File.WriteAllText(Path.Combine(directory, name + ".jsonc"), text);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Runtime", "Golden", name + ".jsonc")), text);
    }
}
