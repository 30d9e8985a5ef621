using Podsharp.Engine.Images.Transports;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images.Transports;

public sealed class TransferPlaceTests
{
    [Theory]
    [InlineData("app:1", null, null, "app:1")]
    [InlineData("there::app:1", null, "there", "app:1")]
    [InlineData("me@there::", "me", "there", "")]
    [InlineData("me@localhost::sha256:0123456789abcdef", "me", "localhost", "sha256:0123456789abcdef")]
    public void Places_are_read(string text, string? user, string? host, string name)
    {
        var place = TransferPlace.Parse(text);
        Assert.Equal((user, host, name), (place.User, place.Host, place.Name));
        Assert.Equal(text, place.ToString());
    }

    [Theory]
    [InlineData("::app")]
    [InlineData("@there::app")]
    [InlineData("-oProxyCommand=x::app")]
    [InlineData("me@-x::app")]
    [InlineData("a b::app")]
    [InlineData("there::a::b")]
    [InlineData("there::a;b")]
    [InlineData("there::$(x)")]
    public void What_ssh_or_a_shell_could_take_for_something_else_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => TransferPlace.Parse(text)).Kind);
}
