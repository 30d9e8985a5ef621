using Podsharp.Model;
using Podsharp.Orchestration.Images;

namespace Podsharp.UnitTests.Orchestration;

public class PushDestinationTests
{
    [Theory]
    [InlineData("docker-archive:/a/b.tar", ImageArchiveFormat.DockerArchive, "/a/b.tar", null)]
    [InlineData("docker-archive:b.tar:r.io/app:1", ImageArchiveFormat.DockerArchive, "b.tar", "r.io/app:1")]
    [InlineData("oci-archive:b.tar:app", ImageArchiveFormat.OciArchive, "b.tar", "app")]
    [InlineData("oci:/a:app:1", ImageArchiveFormat.OciDirectory, "/a", "app:1")]
    [InlineData("dir:/a:b", ImageArchiveFormat.DockerDirectory, "/a:b", null)]
    public void Places_that_are_no_registry_are_known(string text, ImageArchiveFormat format, string path, string? name) =>
        Assert.Equal(new PushDestination(format, path, name), PushDestination.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("r.io/app:1")]
    [InlineData("localhost:5000/app")]
    [InlineData("docker://r.io/app")]
    [InlineData("app:1")]
    public void Registries_are_left_to_the_engine(string? text) => Assert.Null(PushDestination.Parse(text));

    [Theory]
    [InlineData("oci:", ErrorKind.InvalidArgument)]
    [InlineData("docker-daemon:app:1", ErrorKind.Unsupported)]
    [InlineData("containers-storage:app", ErrorKind.Unsupported)]
    public void Others_are_refused(string text, ErrorKind kind) => Assert.Equal(kind, Assert.Throws<ContainerEngineException>(() => PushDestination.Parse(text)).Kind);
}
