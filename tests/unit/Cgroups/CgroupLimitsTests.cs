using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Runtime;
using Xunit;

namespace Podsharp.UnitTests.Cgroups;

public sealed class CgroupLimitsTests
{
    private static readonly OciResources All = new()
    {
        Memory = new() { Limit = 64 << 20, Swap = 96 << 20, Reservation = 32 << 20 },
        Cpu = new() { Shares = 77, Quota = 150_000, Period = 100_000, Cpus = "0-1", Mems = "0" },
        BlockIO = new() { Weight = 500, ThrottleReadBpsDevice = [new(8, 0, 1000)], ThrottleWriteBpsDevice = [new(8, 16, 2000)] },
    };

    [Fact]
    public void Version_1_has_a_file_for_each_limit() => Assert.Equal(
    [
        "memory memory.limit_in_bytes 67108864", "memory memory.memsw.limit_in_bytes 100663296", "memory memory.soft_limit_in_bytes 33554432",
        "cpu cpu.shares 77", "cpu cpu.cfs_period_us 100000", "cpu cpu.cfs_quota_us 150000", "cpuset cpuset.cpus 0-1", "cpuset cpuset.mems 0",
        "blkio blkio.weight 500", "blkio blkio.throttle.read_bps_device 8:0 1000", "blkio blkio.throttle.write_bps_device 8:16 2000",
    ], CgroupLimits.Version1(All).Select(limit => $"{limit.Controller} {limit.File} {limit.Value}"));

    [Fact]
    public void Version_2_counts_swap_alone_and_has_weights() => Assert.Equal(
    [
        "memory memory.max 67108864", "memory memory.swap.max 33554432", "memory memory.low 33554432",
        "cpu cpu.weight 3", "cpu cpu.max 150000 100000", "cpuset cpuset.cpus 0-1", "cpuset cpuset.mems 0",
        "io io.bfq.weight 500", "io io.max 8:0 rbps=1000", "io io.max 8:16 wbps=2000",
    ], CgroupLimits.Version2(All).Select(limit => $"{limit.Controller} {limit.File} {limit.Value}"));

    [Fact]
    public void What_is_not_limited_is_not_written()
    {
        Assert.Empty(CgroupLimits.Version1(new()));
        Assert.Empty(CgroupLimits.Version2(new()));
        Assert.Equal(["memory.max max", "memory.swap.max max"], CgroupLimits.Version2(new() { Memory = new() { Limit = -1, Swap = -1 } }).Select(limit => $"{limit.File} {limit.Value}"));
        Assert.Equal(["cpu.max max 50000"], CgroupLimits.Version2(new() { Cpu = new() { Period = 50_000 } }).Select(limit => $"{limit.File} {limit.Value}"));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 39)]
    [InlineData(262_144, 10_000)]
    [InlineData(1, 1)]
    public void Shares_become_weights(ulong shares, ulong weight) => Assert.Equal(weight, CgroupLimits.Weight(shares));
}
