using Podsharp.Engine.Images.Transports;
using Podsharp.Model;
using Podsharp.Orchestration.Images;

namespace Podsharp.UnitTests.Images.Transports;

public sealed class ImagePlaceTests
{
    [Theory]
    [InlineData("docker://registry.example.org/app:1", "docker", "registry.example.org/app:1", null)]
    [InlineData("containers-storage:localhost/app:1", "containers-storage", "localhost/app:1", null)]
    [InlineData("oci:/tmp/a", "oci", "/tmp/a", null)]
    [InlineData("oci:/tmp/a:", "oci", "/tmp/a", null)]
    [InlineData("oci:/tmp/a:registry:5000/app:1", "oci", "/tmp/a", "registry:5000/app:1")]
    [InlineData("oci-archive:/tmp/a.tar:x", "oci-archive", "/tmp/a.tar", "x")]
    [InlineData("docker-archive:/tmp/a.tar:@1", "docker-archive", "/tmp/a.tar", "@1")]
    [InlineData("dir:/tmp/a:b", "dir", "/tmp/a:b", null)]
    public void Places_are_read(string text, string word, string path, string? name)
    {
        var place = ImagePlace.Parse(text);
        Assert.Equal((word, path, name), (place.Word, place.Path, place.Name));
    }

    [Theory]
    [InlineData("app")]
    [InlineData("docker")]
    [InlineData("docker:app")]
    [InlineData("docker://")]
    [InlineData("docker://APP")]
    [InlineData("docker://app:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("oci:")]
    [InlineData("oci::x")]
    [InlineData("dir:")]
    [InlineData("dir:relative")]
    [InlineData("containers-storage:")]
    [InlineData("containers-storage:[overlay@/x]app")]
    [InlineData("bogus:app")]
    public void What_is_no_place_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => ImagePlace.Parse(text)).Kind);

    [Theory]
    [InlineData("docker-daemon:app:1")]
    [InlineData("ostree:app")]
    public void What_is_not_served_is_told_apart(string text) =>
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<ContainerEngineException>(() => ImagePlace.Parse(text)).Kind);

    [Theory]
    [InlineData("oci:a:x:y", "oci:/work/a:x:y")]
    [InlineData("dir:a:b", "dir:/work/a:b")]
    [InlineData("docker-archive:a.tar", "docker-archive:/work/a.tar")]
    [InlineData("oci:", "oci:")]
    [InlineData("docker://a", "docker://a")]
    [InlineData("app", "app")]
    public void Paths_of_the_caller_become_full(string text, string expected) =>
        Assert.Equal(expected, ImagePlaces.Resolve(text, path => "/work/" + path));

    [Theory]
    [InlineData("docker://a", true)]
    [InlineData("docker:1", false)] // an image of this name
    [InlineData("oci:a", true)]
    [InlineData("localhost:5000/a", false)]
    [InlineData("app", false)]
    public void Names_of_images_are_no_places(string text, bool expected) => Assert.Equal(expected, ImagePlaces.HasTransport(text));
}
