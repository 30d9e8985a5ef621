using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.UnitTests.Volumes;

public sealed class VolumeOptionsTests
{
    private static VolumeOptions Read(string driver, params (string Name, string Value)[] options) =>
        VolumeOptions.Read("v", driver, options.ToDictionary(option => option.Name, option => option.Value));

    [Fact]
    public void What_o_says_of_owner_and_limits_is_kept_as_podman_shows_it()
    {
        var options = Read("local", ("type", "tmpfs"), ("device", "tmpfs"), ("o", "uid=5,gid=6,size=2M,nodev"));
        Assert.Equal(5u, options.UserId);
        Assert.Equal(6u, options.GroupId);
        Assert.Equal(("5", "6", "2M", "uid=5,gid=6,size=2M,nodev"), (options.Kept["UID"], options.Kept["GID"], options.Kept["SIZE"], options.Kept["o"]));
        Assert.Equal("uid=5,gid=6,size=2M,nodev", VolumeOptions.ForMount(options.Kept));
    }

    [Theory]
    [InlineData("local", "bogus=1", ErrorKind.InvalidArgument)]
    [InlineData("local", "o=nodev", ErrorKind.InvalidArgument)]
    [InlineData("local", "o=uid=x", ErrorKind.InvalidArgument)]
    [InlineData("local", "o=timeout=3", ErrorKind.InvalidArgument)]
    [InlineData("image", "other=1", ErrorKind.InvalidArgument)]
    [InlineData("plugin", "any=1", ErrorKind.MissingComponent)]
    public void What_cannot_be_is_refused(string driver, string option, ErrorKind kind)
    {
        var parts = option.Split('=', 2);
        Assert.Equal(kind, Assert.Throws<ContainerEngineException>(() => Read(driver, (parts[0], parts[1]))).Kind);
    }
}
