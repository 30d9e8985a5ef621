using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images;

public class PlatformChoiceTests
{
    private static ImageManifest Index(params string[] entries) => ImageManifest.Parse(
        Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{string.Join(',', entries)}}]}"""), null, "test");

    private static string Entry(string name, string architecture, string? variant = null, string annotations = "{}", string os = "linux") =>
        $$"""{"digest":"{{name}}","size":1,"annotations":{{annotations}},"platform":{"os":"{{os}}","architecture":"{{architecture}}"{{(variant is null ? "" : $",\"variant\":\"{variant}\"")}} } }""";

    private static string Choose(ImageManifest index, string platform) =>
        PlatformChoice.Choose(index, PlatformChoice.Complete(ImagePlatform.Parse(platform)), "test").Digest;

    [Fact]
    public void Chooses_by_architecture_and_skips_attestations()
    {
        var index = Index(
            Entry("att", "amd64", annotations: """{"vnd.docker.reference.type":"attestation-manifest"}"""),
            Entry("unknown", "unknown", os: "unknown"), Entry("a", "amd64"), Entry("b", "arm64", "v8"));
        Assert.True(index.IsIndex);
        Assert.Equal("a", Choose(index, "linux/amd64"));
        Assert.Equal("b", Choose(index, "linux/arm64"));
        Assert.Equal("b", Choose(index, "linux/aarch64/v8"));
    }

    [Fact]
    public void Variants_fall_to_older_ones()
    {
        var index = Index(Entry("v5", "arm", "v5"), Entry("v6", "arm", "v6"));
        Assert.Equal("v6", Choose(index, "linux/arm/v7"));
        Assert.Equal("v5", Choose(index, "linux/arm/v5"));
    }

    [Fact]
    public void Prefers_zstd() => Assert.Equal("z", Choose(
        Index(Entry("g", "amd64"), Entry("z", "amd64", annotations: """{"io.github.containers.compression.zstd":"true"}""")), "linux/amd64"));

    [Fact]
    public void Names_what_there_is()
    {
        var error = Assert.Throws<ContainerEngineException>(() => Choose(Index(Entry("a", "s390x"), Entry("b", "arm", "v7")), "linux/amd64"));
        Assert.Equal("PlatformNotFound", error.ErrorId);
        Assert.Contains("linux/s390x, linux/arm/v7", error.Message);
    }
}
