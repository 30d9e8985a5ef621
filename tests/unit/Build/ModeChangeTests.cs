using Podsharp.Engine.Build.Copying;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public sealed class ModeChangeTests
{
    // What chmod(1) of coreutils makes of it with umask 0.
    [Theory]
    [InlineData("0755", "600", "755")]
    [InlineData("4711", "600", "4711")]
    [InlineData("u+x", "640", "740")]
    [InlineData("u+x,go-w", "666", "744")]
    [InlineData("go=", "777", "700")]
    [InlineData("a=r", "777", "444")]
    [InlineData("=rw", "111", "666")]
    [InlineData("+x", "600", "711")]
    [InlineData("ug+s", "755", "6755")]
    [InlineData("u+s,u-s", "755", "755")]
    [InlineData("+t", "755", "1755")]
    [InlineData("u+rwx-w", "000", "500")]
    [InlineData("a+X", "640", "640")]
    [InlineData("a+X", "740", "751")]
    [InlineData("u=rw,g=r,o=", "4777", "640")]
    public void A_file_gets_what_chmod_gives_it(string change, string before, string after) =>
        Assert.Equal(after, Convert.ToString(ModeChange.Parse(change).Apply(Convert.ToUInt32(before, 8), isDirectory: false), 8));

    [Theory]
    [InlineData("a+X", "600", "711")]
    [InlineData("a=rX", "2700", "2555")]
    [InlineData("u=rwX,go=rX", "700", "755")]
    public void A_directory_can_be_entered_and_keeps_what_it_hands_on(string change, string before, string after) =>
        Assert.Equal(after, Convert.ToString(ModeChange.Parse(change).Apply(Convert.ToUInt32(before, 8), isDirectory: true), 8));

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("u+q")]
    [InlineData("789")]
    [InlineData("77777")]
    [InlineData("u+x,")]
    [InlineData("x+u")]
    public void Other_words_are_refused(string text) => Assert.Equal("InvalidArgument", Assert.Throws<ContainerEngineException>(() => ModeChange.Parse(text)).ErrorId);
}
