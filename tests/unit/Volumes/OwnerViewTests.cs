using FsCheck;
using FsCheck.Fluent;
using Podsharp.Engine.Host;
using Podsharp.Engine.Volumes;
using Xunit;

namespace Podsharp.UnitTests.Volumes;

public sealed class OwnerViewTests
{
    [Theory]
    [InlineData(1000u, 33u)]
    [InlineData(33u, 1000u)]
    [InlineData(1000u, 0u)]
    [InlineData(1u, 0u)]
    [InlineData(65533u, 0u)]
    [InlineData(65534u, 0u)]
    [InlineData(1000u, 65534u)]
    [InlineData(65534u, 1000u)]
    [InlineData(4294967294u, 1u)]
    [InlineData(1000u, 4294967294u)]
    public void One_id_is_shown_as_another(uint owner, uint viewer) => Check(owner, viewer);

    [Fact]
    public void Any_id_is_shown_as_any_other() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll<ushort, ushort>((owner, viewer) =>
    {
        Check(owner == 0 ? 1u : owner, viewer);
        return true;
    }));

    [Fact]
    public void What_is_the_users_already_stays() => Assert.Equal([new(0, 0, uint.MaxValue)], OwnerView.Exchange(1000, 1000));

    private static void Check(uint owner, uint viewer)
    {
        var map = OwnerView.Exchange(owner, viewer);
        Assert.Equal(viewer, IdMapping.ToOutside(map, owner));
        if (owner != viewer)
            Assert.Equal(viewer == 0 ? (owner == IdMapping.Nobody ? null : IdMapping.Nobody) : viewer, IdMapping.ToInside(map, owner));
        // Nobody but root makes root's files.
        Assert.True(IdMapping.ToOutside(map, 0) is null or 0, "the host's root is shown as somebody");
        foreach (var id in new uint[] { 1, 2, 500, 1001, 70000, 4294967294 }.Where(id => id != owner && id != viewer))
            Assert.Equal(id, IdMapping.ToOutside(map, id));
        // What the kernel asks for: no range is empty, none overlaps another, inside and outside.
        foreach (var start in new Func<IdMapping, uint>[] { range => range.Inside, range => range.Outside })
        {
            var end = 0ul;
            foreach (var range in map.OrderBy(start))
            {
                Assert.True(range.Count > 0 && start(range) >= end, $"{range}");
                end = (ulong)start(range) + range.Count;
            }
            Assert.True(end <= uint.MaxValue);
        }
    }
}
