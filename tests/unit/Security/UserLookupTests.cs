using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.UnitTests.Security;

public sealed class UserLookupTests
{
    private static readonly UserLookup Lookup = new(
        "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:web:/srv:/bin/sh\n1000:x:5:6::/five:/bin/sh\n# comment\nbroken\n",
        "root:x:0:root\nweb:x:34:\nextra:x:44:other,web\n");

    [Theory]
    [InlineData("", 0, 0, "", "/root", "root")]
    [InlineData("web", 33, 34, "44", "/srv", "web")]
    [InlineData("33", 33, 34, "44", "/srv", "web")]
    [InlineData("web:extra", 33, 44, "", "/srv", "web")]
    [InlineData("web:77", 33, 77, "", "/srv", "web")]
    [InlineData("77", 77, 0, "", "/", "77")]
    [InlineData(":extra", 0, 44, "", "/root", "root")]
    [InlineData("1000", 5, 6, "", "/five", "1000")]
    public void Resolves(string text, uint user, uint group, string additional, string home, string name)
    {
        var resolved = Lookup.Resolve(text, []);
        Assert.Equal((user, group, additional, home, name),
            (resolved.UserId, resolved.GroupId, string.Join(',', resolved.AdditionalGroups), resolved.Home, resolved.Name));
    }

    [Fact]
    public void SupplementaryGroupsAreAdded() => Assert.Equal([44u, 9u], Lookup.Resolve("web", ["9", "extra"]).AdditionalGroups);

    [Theory]
    [InlineData("nobody-here")]
    [InlineData("web:nosuch")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public void UnknownNamesAreRefused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Lookup.Resolve(text, [])).Kind);

    [Fact]
    public void LinksOfAnImageStayInsideIt()
    {
        var root = Directory.CreateTempSubdirectory("podsharp-users");
        try
        {
            Directory.CreateDirectory(root + "/etc");
            // Both lead to the host's own files if followed from its root.
            File.CreateSymbolicLink(root + "/etc/passwd", "/proc/self/environ");
            File.CreateSymbolicLink(root + "/etc/group", "../../../../../../etc/group");
            Assert.Equal("77", UserLookup.Open(root.FullName).UserName(77));
            File.Delete(root + "/etc/passwd");
            File.WriteAllText(root + "/real", "inside:x:77:77::/:\n");
            File.CreateSymbolicLink(root + "/etc/passwd", "/real");
            Assert.Equal("inside", UserLookup.Open(root.FullName).UserName(77));
        }
        finally
        {
            root.Delete(true);
        }
    }
}
