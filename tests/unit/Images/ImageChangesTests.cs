using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images;

public class ImageChangesTests
{
    [Fact]
    public void Every_instruction_is_applied()
    {
        var section = ImageChanges.Parse(
        [
            "CMD [\"/bin/sh\", \"-c\", \"x\"]", "ENTRYPOINT /run me", "ENV A=1 B=\"x y\" C=a\\ b", "ENV D some words", "env A=2", "LABEL k=v",
            "EXPOSE 80 53/udp 1000-1010", "VOLUME /a /b", "VOLUME=[\"/c\"]", "USER 1:2", "WORKDIR /x", "WORKDIR y", "STOPSIGNAL=SIGINT", "ONBUILD RUN z",
        ]).ToSection();
        Assert.Equal(["/bin/sh", "-c", "x"], section.Cmd);
        Assert.Equal(["/bin/sh", "-c", "/run me"], section.Entrypoint);
        Assert.Equal(["B=x y", "C=a b", "D=some words", "A=2"], section.Env);
        Assert.Equal("v", section.Labels!["k"]);
        Assert.Equal(["1000-1010/tcp", "53/udp", "80/tcp"], section.ExposedPorts!);
        Assert.Equal(["/a", "/b", "/c"], section.Volumes!);
        Assert.Equal(("1:2", "/x/y", "SIGINT"), (section.User, section.WorkingDir, section.StopSignal));
        Assert.Equal(["RUN z"], section.OnBuild);
    }

    [Theory]
    [InlineData("FOO bar")]
    [InlineData("CMD")]
    [InlineData("CMD [\"x\"")]
    [InlineData("ENV X")]
    [InlineData("ENV A=\"open")]
    [InlineData("EXPOSE http")]
    [InlineData("EXPOSE 80/xyz")]
    [InlineData("LABEL =v")]
    public void Malformed_ones_are_named(string change)
    {
        var error = Assert.Throws<ContainerEngineException>(() => ImageChanges.Parse([change]));
        Assert.Equal("InvalidChange", error.ErrorId);
        Assert.Contains($"\"{change}\"", error.Message);
    }

    [Fact]
    public void Configurations_are_written_with_the_specifications_names()
    {
        var file = new ImageConfigFile { Os = "linux", Config = ImageChanges.Parse(["ENV A=1", "EXPOSE 80"]).ToSection(), Rootfs = new RootFileSystem { DiffIds = ["sha256:x"] } };
        Assert.Equal("""{"os":"linux","config":{"Env":["A=1"],"ExposedPorts":{"80/tcp":{}}},"rootfs":{"type":"layers","diff_ids":["sha256:x"]}}""",
            Encoding.UTF8.GetString(ImageJson.Write(file)));
    }

    [Theory]
    [InlineData("nginx", true)]
    [InlineData("library/nginx", true)]
    [InlineData("docker.io/library/nginx:1", true)]
    [InlineData("nginx:1", true)]
    [InlineData("nginx:2", false)]
    [InlineData("ngi*", true)]
    [InlineData("*:1", true)]
    [InlineData("nginx*:1", true)]
    [InlineData("quay.io/*", false)]
    [InlineData("abc", true)]
    [InlineData("abd", false)]
    [InlineData("inx", false)]
    public void Patterns_fit_names(string pattern, bool fits) => Assert.Equal(fits, ReferencePattern.Matches(new StoredImage
    {
        Id = "abc" + new string('0', 61), Raw = default, Names = ["docker.io/library/nginx:1"],
    }, pattern));
}
