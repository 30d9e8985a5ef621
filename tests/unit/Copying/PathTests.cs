using Podsharp.Engine.Containers;
using Podsharp.Model;
using Podsharp.Orchestration.Files;

namespace Podsharp.UnitTests.Copying;

public sealed class PathTests
{
    [Theory]
    [InlineData("web:/etc/hosts", "web", "/etc/hosts")]
    [InlineData("web:relative", "web", "relative")]
    [InlineData("web:a:b", "web", "a:b")]
    [InlineData("./file:name", null, "./file:name")]
    [InlineData("/file:name", null, "/file:name")]
    [InlineData("file", null, "file")]
    [InlineData("-", null, "-")]
    public void Locations(string text, string? container, string path) => Assert.Equal(new FileLocation(container, path), FileLocation.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("web:")]
    [InlineData(":/etc")]
    public void Bad_locations(string text) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => FileLocation.Parse(text)).Kind);

    [Theory]
    [InlineData("/a/b", "./b", "/a/b")]
    [InlineData("/a/b", "./b/", "/a/b/")]
    [InlineData("/a/b/.", "b/.", "/a/b/.")]
    [InlineData("/a", ".", "/a/.")]
    [InlineData("/", "/", "/.")]
    public void Host_paths_keep_their_endings(string full, string written, string path) => Assert.Equal(path, FileLocation.OnHost(full, written).Path);

    [Theory]
    [InlineData("/etc/hosts", "/etc/hosts", "")]
    [InlineData("/etc/", "/etc", "/")]
    [InlineData("/etc/.", "/etc", "/.")]
    [InlineData("/", "/", "/.")]
    [InlineData("/..", "/", "/.")]
    [InlineData(".", "/srv", "/.")]
    [InlineData("./", "/srv", "/")]
    [InlineData("..", "/", "/.")]
    [InlineData("a/../b", "/srv/b", "")]
    [InlineData("/a//b/./c", "/a/b/c", "")]
    [InlineData("/../../etc", "/etc", "")]
    public void Container_paths(string text, string absolute, string ending) => Assert.Equal(new ContainerPath(absolute, ending), ContainerPath.Parse(text, "/srv"));

    [Theory]
    [InlineData("target", "/a/target")]
    [InlineData("../target", "/target")]
    [InlineData("../../../target", "/target")]
    [InlineData("/x/y", "/x/y")]
    public void Links_lead_from_their_directory(string link, string absolute) => Assert.Equal(absolute, ContainerPath.Parse("/a/link", "/").Follow(link).Absolute);
}
