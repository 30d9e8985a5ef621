using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.UnitTests.Cgroups;

public sealed class SystemdCgroupTests
{
    [Theory]
    [InlineData(null, "/machine.slice/podsharp-ID.scope", "machine.slice:podsharp:ID")]
    [InlineData("a.slice", "/a.slice/podsharp-ID.scope", "a.slice:podsharp:ID")]
    [InlineData("a-b-c.slice", "/a.slice/a-b.slice/a-b-c.slice/podsharp-ID.scope", "a-b-c.slice:podsharp:ID")]
    [InlineData("-.slice", "/podsharp-ID.scope", "-.slice:podsharp:ID")]
    public void Scopes_lie_in_slices(string? parent, string path, string runtime)
    {
        var slice = SystemdCgroups.Slice(parent);
        Assert.Equal(path, SystemdCgroups.Container(slice, "ID"));
        Assert.Equal(runtime, SystemdCgroups.ForRuntime(slice, "ID"));
    }

    [Theory]
    [InlineData("/my/own")]
    [InlineData("own")]
    [InlineData("a/b.slice")]
    public void What_is_no_slice_is_refused(string parent) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => SystemdCgroups.Slice(parent)).Kind);

    [Fact]
    public void The_manager_is_chosen()
    {
        var host = new HostFacts();
        Assert.Equal("cgroupfs", SystemdCgroups.Choose(null, null, host));
        Assert.Equal("cgroupfs", SystemdCgroups.Choose("cgroupfs", "systemd", host));
        Assert.Equal(SystemdCgroups.IsThere ? "systemd" : "cgroupfs", SystemdCgroups.Choose(null, "systemd", host));
        // containers.conf is obeyed where it can be, an option is refused.
        Assert.Equal("cgroupfs", SystemdCgroups.Choose(null, "systemd", host with { InUserNamespace = true }));
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<ContainerEngineException>(() => SystemdCgroups.Choose("systemd", null, host with { InUserNamespace = true })).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => SystemdCgroups.Choose("other", null, host)).Kind);
    }
}
