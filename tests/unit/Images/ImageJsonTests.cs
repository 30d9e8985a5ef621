using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Images;

public sealed class ImageJsonTests
{
    [Fact]
    public void Every_property_of_a_configuration_is_written_and_read()
    {
        var config = new RecordFiller().Fill<ImageConfigFile>();
        Assert.Equal(RecordFiller.Show(config), RecordFiller.Show(ImageJson.ReadConfig(ImageJson.Write(config))));
    }

    [Fact]
    public void Every_property_of_a_manifest_is_read()
    {
        const string Json = """
            {"schemaVersion":2,"MediaType":"m","artifactType":"a","config":{"mediaType":"c","digest":"d","size":9223372036854775807,"urls":["u"],"annotations":{"K":"V"},
             "platform":{"os":"o","architecture":"x","variant":"v","os.version":"1","os.features":["f"],"features":["p"]},"artifactType":"t","data":"e30="},"layers":[{"digest":"l"},{"size":1}],"manifests":[],"annotations":{"A":"B"},"subject":{}}
            """;
        var expected = new ImageManifest
        {
            SchemaVersion = 2, MediaType = "m", ArtifactType = "a", Layers = [new() { Digest = "l" }, new() { Size = 1 }], Manifests = [], Annotations = new() { ["A"] = "B" },
            Config = new()
            {
                MediaType = "c", Digest = "d", Size = long.MaxValue, Urls = ["u"], Annotations = new() { ["K"] = "V" }, ArtifactType = "t", Data = "e30=",
                Platform = new() { Os = "o", Architecture = "x", Variant = "v", OsVersion = "1", OsFeatures = ["f"], Features = ["p"] },
            },
            Subject = new(),
        };
        Assert.Equal(RecordFiller.Show(expected), RecordFiller.Show(ImageJson.ReadManifest(Encoding.UTF8.GetBytes(Json))));
    }

    [Fact]
    public void Configurations_are_read_without_case_and_what_is_null_is_as_if_missing()
    {
        var config = ImageConfigFile.Parse(Encoding.UTF8.GetBytes("""
            {"OS":"linux","Architecture":"amd64","created":null,"config":{"env":["A=1",null],"Cmd":null,"Volumes":{"/b":{},"/a":null,"/b":{}},"labels":{"K":"1","k":null} },
             "RootFS":{"Type":null,"DIFF_IDS":["x"]},"history":[null,{"created":"2024-01-02T03:04:05.123456789Z"}]}
            """), "test");
        Assert.Equal(("linux", "amd64", null), (config.Os, config.Architecture, config.Created));
        Assert.Equal(["x"], config.DiffIds);
        Assert.Equal("layers", config.Rootfs!.Type);
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), config.History![1].Created);
        var model = config.ToModel();
        Assert.Equal(["A=1"], model.Environment);
        Assert.Equal(["/a", "/b"], model.Volumes);
        Assert.Equal(new Dictionary<string, string> { ["K"] = "1", ["k"] = "" }, model.Labels);
    }

    [Theory]
    [InlineData("{\"os\":\"\\ud800\"}")]
    [InlineData("{\"config\":{\"Env\":\"x\"}}")]
    [InlineData("{\"created\":\"yesterday\"}")]
    [InlineData("{} x")]
    public void What_is_no_configuration_is_refused(string json) =>
        Assert.Equal("InvalidImageConfig", Assert.Throws<ContainerEngineException>(() => ImageConfigFile.Parse(Encoding.UTF8.GetBytes(json), "test")).ErrorId);
}
