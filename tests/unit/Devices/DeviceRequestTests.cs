using Podsharp.Engine.Devices;
using Podsharp.Engine.Runtime;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Devices;

public sealed class DeviceRequestTests
{
    [Theory]
    [InlineData("/dev/a", "/dev/a", "/dev/a", "rwm")]
    [InlineData("/dev/a:rw", "/dev/a", "/dev/a", "rw")]
    [InlineData("/dev/a:/dev/b", "/dev/a", "/dev/b", "rwm")]
    [InlineData("/dev/a:/dev/b:m", "/dev/a", "/dev/b", "m")]
    public void Paths_and_permissions_are_told_apart(string text, string host, string container, string permissions) =>
        Assert.Equal(new DeviceRequest(host, container, permissions), DeviceRequest.Parse(text));

    [Theory]
    [InlineData("dev/a")]
    [InlineData("/dev/a:b")]
    [InlineData("/dev/a:/dev/b:rr")]
    [InlineData("/dev/a:/dev/b:x")]
    [InlineData("/dev/a:/dev/../b")]
    [InlineData("/dev/a::r")]
    [InlineData("/dev/a:/dev/b:r:w")]
    public void What_is_no_device_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => DeviceRequest.Parse(text)).Kind);

    [Theory]
    [InlineData("vendor.com/class=name", true)]
    [InlineData("/dev/a=b", false)]
    [InlineData("./x=b", false)]
    [InlineData("vendor.com/class=", false)]
    [InlineData("vendor.com=name", false)]
    [InlineData("a/b/c=name", false)]
    public void Devices_of_specifications_are_told_from_paths(string text, bool expected) => Assert.Equal(expected, DeviceRequest.IsCdi(text));

    [Fact]
    public void Rules_are_read()
    {
        Assert.Equal(new OciDeviceRule(true, "rwm", "c", 10, null), DeviceRule.Parse("c 10:* rwm"));
        Assert.Equal(new OciDeviceRule(true, "r", "b", 7, 3), DeviceRule.Parse("b  7:3 r"));
        foreach (var wrong in new[] { "", "c 1", "d 1:2 r", "c 1 r", "c 1:2 rx", "c -1:2 r", "c 1:2:3 r" })
            Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => DeviceRule.Parse(wrong)).Kind);
    }
}
