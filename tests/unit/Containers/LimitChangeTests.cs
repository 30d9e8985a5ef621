using Podsharp.Engine.Containers;
using Podsharp.Engine.Runtime;
using Podsharp.Model;
using Podsharp.UnitTests.Runtime;
using Xunit;

namespace Podsharp.UnitTests.Containers;

public sealed class LimitChangeTests
{
    [Fact]
    public void What_is_not_given_stays()
    {
        var limits = new ResourceLimits { Memory = 1, MemorySwap = 3, Cpus = 1.5, PidsLimit = 9, CpuSetCpus = "0", OomScoreAdj = 5, DeviceReadRates = [new("/dev/sda", 1)] };
        Assert.Equal(limits, LimitChange.Apply(limits, new()));
    }

    [Fact]
    public void One_way_of_saying_it_takes_the_place_of_the_other()
    {
        var fraction = LimitChange.Apply(new() { CpuQuota = 1, CpuPeriod = 2 }, new() { Cpus = 0.5 });
        Assert.Equal((0.5, null, null), (fraction.Cpus, fraction.CpuQuota, fraction.CpuPeriod));
        // The half that isn't given is what the fraction came to.
        var period = LimitChange.Apply(new() { Cpus = 0.5 }, new() { CpuPeriod = 200_000 });
        Assert.Equal((null, 50_000, 200_000UL), (period.Cpus, period.CpuQuota, period.CpuPeriod));
        Assert.Throws<ContainerEngineException>(() => LimitChange.Apply(new(), new() { Cpus = 1, CpuQuota = 1 }));
    }

    [Fact]
    public void Zero_takes_a_limit_away()
    {
        var limits = new ResourceLimits { Memory = 5, MemorySwap = 9, MemoryReservation = 4, Cpus = 1 };
        var free = LimitChange.Apply(limits, new() { Memory = 0, MemoryReservation = 0, Cpus = 0 });
        Assert.Equal((null, null, null, null), (free.Memory, free.MemorySwap, free.MemoryReservation, free.Cpus));
        Assert.Equal(-1, LimitChange.Apply(limits, new() { MemorySwap = -1 }).MemorySwap);
    }

    [Fact]
    public void Devices_are_added_to_those_that_there_are()
    {
        var limits = LimitChange.Apply(new() { DeviceReadRates = [new("/dev/a", 1), new("/dev/b", 2)] }, new() { DeviceReadRates = [new("/dev/b", 3), new("/dev/c", 4)] });
        Assert.Equal([new("/dev/a", 1), new("/dev/b", 3), new("/dev/c", 4)], limits.DeviceReadRates);
    }

    [Fact]
    public void The_runtime_is_told_only_what_was_changed()
    {
        var planned = new OciResources { Memory = new() { Limit = 100, Swap = 200 }, Cpu = new() { Quota = 50, Period = 100, Shares = 2 }, Pids = new(7) };
        var told = LimitChange.ToRuntime(planned, new() { CpuShares = 2 }, TestHosts.V1);
        Assert.Equal((null, null, null), (told.Memory, told.Pids, told.BlockIO));
        Assert.Equal(new OciCpu { Shares = 2 }, told.Cpu);
        var free = LimitChange.ToRuntime(new(), new() { Memory = 0, PidsLimit = 0, Cpus = 0, MemoryReservation = 0 }, TestHosts.V1);
        Assert.Equal((-1L, -1L, -1L), (free.Memory!.Limit, free.Memory.Reservation, free.Pids!.Limit));
        Assert.Equal(new OciCpu { Quota = -1, Period = 100_000 }, free.Cpu);
    }
}
