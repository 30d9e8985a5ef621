using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Runtime;

namespace Podsharp.UnitTests.Cgroups;

public sealed class SystemdLimitsTests
{
    private static IEnumerable<string> Of(OciResources resources) =>
        SystemdLimits.From(resources).Select(property => $"{property.Name} {property.Signature} {string.Join(' ', property.Words)}");

    [Fact]
    public void Each_limit_is_a_property() => Assert.Equal(
    [
        "MemoryMax t 67108864", "MemorySwapMax t 33554432", "MemoryLow t 33554432", "CPUWeight t 3", "CPUQuotaPerSecUSec t 1500000",
        "AllowedCPUs ay 2 21 1", "AllowedMemoryNodes ay 1 1", "IOWeight t 4950", "IODeviceWeight a(st) 1 /dev/block/8:0 1",
        "IOReadBandwidthMax a(st) 2 /dev/block/8:0 1000 /dev/block/8:16 3000", "IOWriteBandwidthMax a(st) 1 /dev/block/8:16 2000",
    ], Of(new()
    {
        Memory = new() { Limit = 64 << 20, Swap = 96 << 20, Reservation = 32 << 20 },
        Cpu = new() { Shares = 77, Quota = 150_000, Period = 100_000, Cpus = "0,2,4,8", Mems = "0" },
        BlockIO = new()
        {
            Weight = 500, WeightDevice = [new(8, 0, 10)],
            ThrottleReadBpsDevice = [new(8, 0, 1000), new(8, 16, 3000)], ThrottleWriteBpsDevice = [new(8, 16, 2000)],
        },
    }));

    [Fact]
    public void Unlimited_and_unset_are_told_apart()
    {
        Assert.Empty(Of(new()));
        Assert.Equal([$"MemoryMax t {ulong.MaxValue}", $"MemorySwapMax t {ulong.MaxValue}"], Of(new() { Memory = new() { Limit = -1, Swap = -1 } }));
        // In steps of ten milliseconds.
        Assert.Equal(["CPUQuotaPerSecUSec t 340000", "CPUQuotaPeriodUSec t 30000"], Of(new() { Cpu = new() { Quota = 10_000, Period = 30_000 } }));
    }

    [Theory]
    [InlineData("0", new byte[] { 1 })]
    [InlineData("0-7", new byte[] { 255 })]
    [InlineData("1,8-9", new byte[] { 2, 3 })]
    [InlineData("", new byte[0])]
    public void Sets_are_bits(string set, byte[] bits) => Assert.Equal(bits, SystemdLimits.Bits(set));
}
