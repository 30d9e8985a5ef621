using Podsharp.Model;
using Podsharp.Orchestration.Images;

namespace Podsharp.UnitTests.Orchestration;

public sealed class BuiltFilesTests
{
    [Theory]
    [InlineData("-", true, null)]
    [InlineData("directory", false, "directory")]
    [InlineData("type=local,dest=a b", false, "a b")]
    [InlineData("dest=x.tar,type=tar", true, "x.tar")]
    [InlineData("type=tar,dest=-", true, null)]
    public void A_place_is_read(string text, bool isArchive, string? path)
    {
        var files = BuiltFiles.Parse(text);
        Assert.Equal((isArchive, path), (files.IsArchive, files.Path));
    }

    [Theory]
    [InlineData("type=oci,dest=x")]
    [InlineData("type=local")]
    [InlineData("dest=x")]
    [InlineData("type=local,dest=-")]
    [InlineData("type=local,dest=")]
    [InlineData("kind=tar,dest=x")]
    public void Another_is_refused(string text) => Assert.Equal("InvalidArgument", Assert.Throws<ContainerEngineException>(() => BuiltFiles.Parse(text)).ErrorId);
}
