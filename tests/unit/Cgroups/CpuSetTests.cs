using Podsharp.Engine.Cgroups;
using Xunit;

namespace Podsharp.UnitTests.Cgroups;

public sealed class CpuSetTests
{
    [Theory]
    [InlineData("0", "0-1", true)]
    [InlineData("0-1", "0-1", true)]
    [InlineData("0,1", "0-1", true)]
    [InlineData("0, 1", "0-1", true)]
    [InlineData("1-3", "0-1,2-3", true)]
    [InlineData("99", "0-1", false)]
    [InlineData("1-2", "0-1,3", false)]
    [InlineData("0-1", "0", false)]
    [InlineData("", "0-1", null)]
    [InlineData("x", "0-1", null)]
    [InlineData("2-1", "0-3", null)]
    [InlineData("1-", "0-3", null)]
    [InlineData("1-2-3", "0-3", null)]
    [InlineData("0,", "0-3", null)]
    [InlineData("4294967295", "0-3", null)]
    public void A_set_is_within_another(string set, string all, bool? within) => Assert.Equal(within, CpuSets.IsWithin(set, all));
}
