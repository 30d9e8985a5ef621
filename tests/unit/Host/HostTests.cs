using Podsharp.Engine.Configuration;
using Podsharp.Engine.Host;
using Podsharp.Engine.Security;
using Podsharp.Model;
using Podsharp.UnitTests.Runtime;

namespace Podsharp.UnitTests.Host;

public sealed class HostTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("podsharp-cgroup");

    public void Dispose() => root.Delete(true);

    [Fact]
    public void HybridHierarchiesWithControllersInBoth()
    {
        foreach (var name in new[] { "memory", "cpu,cpuacct", "systemd", "unified" })
            root.CreateSubdirectory(name);
        File.WriteAllText(root + "/unified/cgroup.controllers", "hugetlb\n");
        File.WriteAllText(root + "/memory/memory.memsw.limit_in_bytes", "");
        var facts = CgroupFacts.Read(root.FullName, "4:memory:/a\n3:cpu,cpuacct:/\n2:name=systemd:/s\n1:pids:/\n0::/u\n");
        Assert.Equal(CgroupMode.Hybrid, facts.Mode);
        Assert.True(facts.CrunRefuses);
        Assert.True(facts.SwapAccounting);
        Assert.Equal(["cpu", "cpuacct", "memory"], facts.Controllers.Order());
        Assert.Equal("/a", facts.Find("memory")!.OwnPath);
        Assert.Equal(root + "/cpu,cpuacct/x", facts.Find("cpuacct")!.DirectoryOf("/x"));
        Assert.Equal("/u", facts.Unified!.OwnPath);
        Assert.Null(facts.Find("pids"));
    }

    [Fact]
    public void VersionTwo()
    {
        File.WriteAllText(root + "/cgroup.controllers", "cpu memory pids\n");
        var facts = CgroupFacts.Read(root.FullName, "0::/user.slice/x\n");
        Assert.Equal(CgroupMode.V2, facts.Mode);
        Assert.False(facts.CrunRefuses);
        Assert.Equal("/user.slice/x", facts.Find("memory")!.OwnPath);
    }

    [Fact]
    public void NoneAtAll() => Assert.Equal(CgroupMode.None, CgroupFacts.Read(root.FullName, "0::/\n").Mode);

    [Fact]
    public void LimitsOfTheProcess()
    {
        var limits = HostFacts.ParseLimits("""
            Limit                     Soft Limit           Hard Limit           Units     
            Max core file size        0                    unlimited            bytes     
            Max open files            1024                 20000                files     
            Max realtime timeout      unlimited            unlimited            us        
            """);
        Assert.Equal(-1, limits["core"]);
        Assert.Equal(20000, limits["nofile"]);
        Assert.Equal(-1, limits["rttime"]);
    }

    [Fact]
    public void ThisHostCanBeRead()
    {
        var facts = HostFacts.Read();
        Assert.NotEmpty(facts.BootId);
        Assert.NotEmpty(facts.UserMap);
        Assert.True(facts.KernelVersion >= new Version(5, 0));
        Assert.True(facts.HardLimits.Count >= 16);
    }

    [Fact]
    public void ARuntimeThatWorksIsChosenAndTheReasonTold()
    {
        var hybrid = TestHosts.V1 with { Cgroups = TestHosts.V1.Cgroups with { Mode = CgroupMode.Hybrid, UnifiedControllers = ["hugetlb"] } };
        Assert.Equal(new RuntimeChoice("crun", "/usr/bin/crun", ""), Locator(TestHosts.V2, "/usr/bin/crun", "/usr/bin/runc").ChooseRuntime(null));
        Assert.Equal("runc", Locator(TestHosts.V2, "/usr/sbin/runc").ChooseRuntime(null).Name);
        var choice = Locator(hybrid, "/usr/bin/crun", "/usr/bin/runc").ChooseRuntime(null);
        Assert.Equal("/usr/bin/runc", choice.Path);
        Assert.Contains("hugetlb", choice.Reason, StringComparison.Ordinal);
        // Who asks for one gets it.
        Assert.Equal("crun", Locator(hybrid, "/usr/bin/crun", "/usr/bin/runc").ChooseRuntime("crun").Name);
        Assert.Contains("apt-get install runc", Assert.Throws<ContainerEngineException>(() => Locator(hybrid, "/usr/bin/crun").ChooseRuntime(null)).Message,
            StringComparison.Ordinal);
        Assert.Equal(ErrorKind.MissingComponent, Assert.Throws<ContainerEngineException>(() => Locator(hybrid).ChooseRuntime("/opt/kata")).Kind);
    }

    [Fact]
    public void MissingComponentsAreNamedWithTheirPackage()
    {
        Assert.Contains("apt-get install conmon", Assert.Throws<ContainerEngineException>(() => Locator(TestHosts.V2).Conmon).Message, StringComparison.Ordinal);
        Assert.Equal("/usr/lib/podman/netavark", Locator(TestHosts.V2, "/usr/lib/podman/netavark", "/usr/bin/netavark").Netavark);
        Assert.Equal("/usr/bin/catatonit", Locator(TestHosts.V2, "/usr/bin/catatonit").Init);
        Assert.Null(Locator(TestHosts.V2).AardvarkDns);
    }

    [Fact]
    public void CapabilitySets()
    {
        var set = CapabilitySet.Merge(CapabilitySet.Parse(["CHOWN", "KILL"]), ["net_admin"], ["cap_kill"]);
        Assert.Equal(["CAP_CHOWN", "CAP_NET_ADMIN"], set.ToNames());
        Assert.Equal(["CAP_KILL"], CapabilitySet.Merge(CapabilitySet.All, ["KILL"], ["all"]).ToNames());
        Assert.Equal(CapabilitySet.All - CapabilitySet.Parse("KILL"), CapabilitySet.Merge(CapabilitySet.None, ["ALL"], ["KILL"]));
        Assert.Equal(CapabilitySet.Parse("CHOWN"), CapabilitySet.FromHexadecimal("0000000000000001"));
    }

    private static ComponentLocator Locator(HostFacts host, params string[] files) =>
        new(new ContainersConf(), new EngineOptions(), host, files.Contains);
}
