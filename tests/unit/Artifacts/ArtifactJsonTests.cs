using System.Text;
using Podsharp.Engine.Artifacts;
using Podsharp.Model;

namespace Podsharp.UnitTests.Artifacts;

/// <summary>Manifests of artifacts.</summary>
public sealed class ArtifactJsonTests
{
    // What podman 5.8 wrote.
    private const string Podmans = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x.test","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"data":"e30="},"layers":[{"mediaType":"text/plain; charset=utf-8","digest":"sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03","size":6,"annotations":{"a":"b","k":"v","org.opencontainers.image.title":"a.txt"}}],"annotations":{"a":"b","k":"v","org.opencontainers.image.created":"2026-11-26T03:32:34.058688538Z"}}""";

    [Fact]
    public void Podmans_are_read_and_written_the_same()
    {
        var manifest = ArtifactJson.Read(Encoding.UTF8.GetBytes(Podmans), "test");
        Assert.Equal("a.txt", Assert.Single(manifest.Layers).Title);
        Assert.Equal(ArtifactBlobs.EmptyConfig.Digest, manifest.Config.Digest);
        Assert.Equal(Podmans, Encoding.UTF8.GetString(ArtifactJson.Write(manifest)));
    }

    [Fact]
    public void Everything_is_written_and_read()
    {
        var filled = new RecordFiller().Fill<ArtifactManifest>();
        Assert.Equivalent(filled, ArtifactJson.Read(ArtifactJson.Write(filled), "test"), strict: true);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""")]
    [InlineData("""{"config":{},"layers":[{"size":"x"}]}""")]
    public void What_is_none_is_refused(string json) =>
        Assert.Equal(ErrorKind.DataCorrupt, Assert.Throws<ContainerEngineException>(() => ArtifactJson.Read(Encoding.UTF8.GetBytes(json), "test")).Kind);
}
