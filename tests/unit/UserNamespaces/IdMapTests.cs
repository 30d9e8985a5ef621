using Podsharp.Engine.Host;
using Podsharp.Engine.UserNamespaces;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.UserNamespaces;

public sealed class IdMapTests
{
    private static readonly IReadOnlyList<IdMapping> All = [new(0, 0, uint.MaxValue)];
    private static readonly IReadOnlyList<IdMapping> Own = [new(0, 1000, 1), new(1, 100000, 65536)];

    private static string Parse(IReadOnlyList<IdMapping> own, params string[] texts) => IdMapping.ToText(new IdMapParser("UID", own, own != All).Parse(texts)).Replace("\n", ";", StringComparison.Ordinal);

    [Fact]
    public void Maps_are_read()
    {
        Assert.Equal("0 100000 5000;", Parse(All, "0:100000:5000"));
        Assert.Equal("0 5 1;", Parse(All, "u0:@5"));
        Assert.Equal("0 1 10;", Parse(Own, "0:@100000:10"));
        Assert.Equal("0 1 3;7 0 1;", Parse(Own, "0:1:3", "7:0:1"));
    }

    [Fact]
    public void An_extended_map_gives_the_rest_in_order() =>
        Assert.Equal("0 1 7;7 0 1;8 8 65529;", Parse(Own, "+7:0:1"));

    [Theory]
    [InlineData("0:1:2:3")]
    [InlineData("0")]
    [InlineData("a:1:2")]
    [InlineData("0:1:0")]
    [InlineData("4294967295:1:10")]
    [InlineData("0:@5:1")]
    public void What_is_no_map_is_refused(string text) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Parse(Own, text)).Kind);

    [Fact]
    public void Ids_are_mapped_once() => Assert.Throws<ContainerEngineException>(() => Parse(All, "0:1:5", "4:9:1"));

    [Fact]
    public void Flags_tell_which_map_is_meant()
    {
        Assert.True(IdMapParser.IsFor('u', "0:1:2"));
        Assert.True(IdMapParser.IsFor('g', "+g0:1:2"));
        Assert.False(IdMapParser.IsFor('u', "g0:1:2"));
    }

    [Fact]
    public void Free_ids_are_what_is_left()
    {
        Assert.Equal([new IdRange(0, 5), new IdRange(8, 2)], IdRanges.Without([new(0, 10)], [new(5, 3), new(20, 5)]));
        Assert.Empty(IdRanges.Without([new(3, 4)], [new(0, 100)]));
        var map = IdRanges.Allocate(10, [new(100, 4), new(200, 50)], [new IdMapping(0, 7, 2)])!;
        Assert.Equal([new(2, 100, 4), new(6, 200, 4), new(0, 7, 2)], map);
        Assert.Null(IdRanges.Allocate(10, [new(100, 4)], []));
    }

    [Fact]
    public void Ranges_of_a_user_are_read_in_their_order() => Assert.Equal([new IdRange(5, 10), new IdRange(100, 20)],
        SubordinateIds.Parse("# a comment\nother:1:2\nme:5:10\nme:x:1\n\nme:100:20\n", "me"));

    [Fact]
    public void Words_are_read()
    {
        var request = UserNamespaceRequest.Parse("auto:size=5,uidmapping=0:1:2,gidmapping=3:4:5");
        Assert.Equal(("auto", 5u), (request.Mode, request.Size));
        Assert.Equal(["0:1:2"], request.UserMap);
        Assert.Equal((7u, 8u), (UserNamespaceRequest.Parse("keep-id:uid=7,gid=8").UserId, UserNamespaceRequest.Parse("keep-id:uid=7,gid=8").GroupId));
        Assert.Equal("/p", UserNamespaceRequest.Parse("ns:/p").Target);
        foreach (var wrong in new[] { "foo", "ns:", "auto:size=x", "auto:uid=1", "host:1" })
            Assert.Throws<ContainerEngineException>(() => UserNamespaceRequest.Parse(wrong));
    }

    [Fact]
    public void Ids_are_found_on_both_sides()
    {
        Assert.Equal(1000u, IdMapping.ToOutside(Own, 0));
        Assert.Equal(100001u, IdMapping.ToOutside(Own, 2));
        Assert.Null(IdMapping.ToOutside(Own, 70000));
        Assert.Equal(2u, IdMapping.ToInside(Own, 100001));
        Assert.Equal(9u, IdMapping.ToInside([], 9));
    }
}
