using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Model;
using Podsharp.UnitTests.Runtime;

namespace Podsharp.UnitTests.Cgroups;

/// <summary>Control group files as the kernels write them, in an ordinary directory.</summary>
public sealed class CgroupTests : IDisposable
{
    private static readonly DateTimeOffset Started = DateTimeOffset.UtcNow.AddSeconds(-10);
    private readonly string root = Directory.CreateTempSubdirectory("podsharp-cgroup").FullName;

    public void Dispose() => Directory.Delete(root, true);

    [Fact]
    public void UsageOfVersion2()
    {
        Write("c/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
        Write("c/memory.current", "1000000\n");
        Write("c/memory.stat", "anon 5\ninactive_file 400000\n");
        Write("c/memory.max", "max\n");
        Write("c/pids.current", "7\n");
        Write("c/io.stat", "8:0 rbytes=100 wbytes=200 rios=1\n8:16 rbytes=1 wbytes=2\n");
        var usage = CgroupUsage.Read(V2(), "id", "name", 0, "/c", Started);
        Assert.Equal(TimeSpan.FromSeconds(2.5), usage.CpuTime);
        Assert.InRange(usage.AverageCpuPercent, 20, 25);
        Assert.Equal((600000, 7, 101, 202), (usage.MemoryUsage, usage.Pids, usage.BlockInput, usage.BlockOutput));
        // Without a limit the host's memory is what there is.
        Assert.True(usage.MemoryLimit > 100_000_000);
        var later = CgroupUsage.Read(V2(), "id", "name", 0, "/c", Started, usage with { CpuTime = TimeSpan.FromSeconds(1.5), Time = usage.Time.AddSeconds(-1) });
        Assert.InRange(later.CpuPercent, 80, 101);
    }

    [Fact]
    public void UsageOfVersion1()
    {
        Write("cpuacct/c/cpuacct.usage", "3000000000\n");
        Write("memory/c/memory.usage_in_bytes", "1000\n");
        Write("memory/c/memory.stat", "inactive_file 1\ntotal_inactive_file 300\n");
        Write("memory/c/memory.limit_in_bytes", "5000\n");
        Write("pids/c/pids.current", "2\n");
        Write("blkio/c/blkio.throttle.io_service_bytes_recursive", "8:0 Read 10\n8:0 Write 20\n8:0 Total 30\nTotal 30\n");
        var usage = CgroupUsage.Read(V1(), "id", "name", 0, "/c", Started);
        Assert.Equal(TimeSpan.FromSeconds(3), usage.CpuTime);
        Assert.Equal((700, 5000, 2, 10, 20), (usage.MemoryUsage, usage.MemoryLimit, usage.Pids, usage.BlockInput, usage.BlockOutput));
        Assert.Equal(14, usage.MemoryPercent);
    }

    [Fact]
    public void AGroupThatIsGoneCountsNothing() => Assert.Equal(0, CgroupUsage.Read(V2(), "id", "name", 0, "/gone", Started).MemoryUsage);

    [Fact]
    public void ProcessesOfAGroupAndThoseBelow()
    {
        Write("c/cgroup.procs", "12\n5\n");
        Write("c/below/cgroup.procs", "30\n");
        Assert.Equal([5, 12, 30], ContainerProcesses.Find(V2(), "/c", 5));
    }

    [Fact]
    public void PathsOfContainers()
    {
        Assert.Equal("/podsharp/ID", CgroupPaths.Container(TestHosts.V2, "ID", null));
        Assert.Equal("/mine/podsharp-ID", CgroupPaths.Container(TestHosts.V2, "ID", "mine/"));
        Assert.Equal("/podsharp-ID", CgroupPaths.Container(TestHosts.V2, "ID", "/"));
        Assert.Equal("", CgroupPaths.Container(TestHosts.Rootless, "ID", null));
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => CgroupPaths.Container(TestHosts.V2, "ID", "user.slice")).Kind);
    }

    [Fact]
    public void MovingLeavesEveryGroupButTheRoot()
    {
        Directory.CreateDirectory(root + "/memory");
        Directory.CreateDirectory(root + "/pids");
        var facts = new CgroupFacts
        {
            Mode = CgroupMode.V1,
            Hierarchies = [new CgroupHierarchy(["memory"], root + "/memory", "/session"), new CgroupHierarchy(["pids"], root + "/pids", "/")],
        };
        Assert.Null(CgroupTree.Move(facts, 77, "/podsharp/conmon"));
        Assert.Equal("77", File.ReadAllText(root + "/memory/podsharp/conmon/cgroup.procs"));
        Assert.False(Directory.Exists(root + "/pids/podsharp"));
    }

    private HostFacts V2() => TestHosts.V2 with { Cgroups = TestHosts.V2.Cgroups with { Hierarchies = [new CgroupHierarchy([], root, "/")] } };

    private HostFacts V1() => TestHosts.V1 with
    {
        Cgroups = TestHosts.V1.Cgroups with
        {
            Hierarchies = [.. new[] { "memory", "cpuacct", "pids", "blkio" }.Select(name => new CgroupHierarchy([name], $"{root}/{name}", "/"))],
        },
    };

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{root}/{path}")!);
        File.WriteAllText($"{root}/{path}", text);
    }
}
