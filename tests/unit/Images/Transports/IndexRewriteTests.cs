using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images.Transports;

public sealed class IndexRewriteTests
{
    private static readonly CopiedManifest s_manifest = new("{}"u8.ToArray(), MediaTypes.OciManifest);

    private static ImageManifest Index(string digest) => ImageManifest.Parse(Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion": 2, "mediaType": "{{MediaTypes.OciIndex}}", "manifests": [{"mediaType": "{{MediaTypes.OciManifest}}", "digest": "{{digest}}", "size": 2, "platform": {"os": "linux", "architecture": "arm64", "os.features": ["x"]}, "data": "e30="}], "annotations": {"a": "b"}, "subject": null}"""),
        null, "test");

    [Fact]
    public void A_list_whose_images_stay_is_the_same_bytes()
    {
        var index = Index(s_manifest.Digest.ToString());
        Assert.Same(index.Bytes, IndexRewrite.Apply(index, new Dictionary<string, CopiedManifest> { [s_manifest.Digest.ToString()] = s_manifest }, ImageFormat.Oci).Bytes);
    }

    [Fact]
    public void What_is_not_known_stays()
    {
        var old = ContentDigest.Of("old"u8).ToString();
        var copied = IndexRewrite.Apply(Index(old), new Dictionary<string, CopiedManifest> { [old] = s_manifest }, ImageFormat.Oci);
        var text = Encoding.UTF8.GetString(copied.Bytes);
        Assert.Contains($"\"digest\":\"{s_manifest.Digest}\",\"size\":2,\"platform\":{{\"os\":\"linux\",\"architecture\":\"arm64\",\"os.features\":[\"x\"]}}", text, StringComparison.Ordinal);
        Assert.Contains("\"annotations\":{\"a\":\"b\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain(old, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_takes_another_form()
    {
        var old = ContentDigest.Of("old"u8).ToString();
        var docker = s_manifest with { Type = MediaTypes.DockerManifest };
        var copied = IndexRewrite.Apply(Index(old), new Dictionary<string, CopiedManifest> { [old] = docker }, ImageFormat.Docker);
        Assert.Equal(MediaTypes.DockerList, copied.Type);
        var list = ImageManifest.Parse(copied.Bytes, null, "test");
        Assert.Equal(MediaTypes.DockerList, list.Type);
        Assert.Equal(MediaTypes.DockerManifest, list.Manifests![0].MediaType);
    }

    [Theory]
    [InlineData(ImageLayerForm.Compressed, null, LayerCompression.None, LayerCompression.Gzip)]
    [InlineData(ImageLayerForm.Compressed, null, LayerCompression.Zstd, null)]
    [InlineData(ImageLayerForm.Compressed, LayerCompression.Zstd, LayerCompression.Gzip, LayerCompression.Zstd)]
    [InlineData(ImageLayerForm.Compressed, LayerCompression.Zstd, LayerCompression.Zstd, null)]
    [InlineData(ImageLayerForm.Unchanged, LayerCompression.Zstd, LayerCompression.None, null)]
    [InlineData(ImageLayerForm.Plain, null, LayerCompression.Gzip, LayerCompression.None)]
    [InlineData(ImageLayerForm.Plain, null, LayerCompression.None, null)]
    internal void Layers_are_packed_as_the_destination_has_them(ImageLayerForm layers, LayerCompression? named, LayerCompression actual, LayerCompression? change)
    {
        Assert.Equal(change, new CopyForm(null, named, null, false, layers, KeepDigests: false).Change(actual));
        Assert.Null(new CopyForm(null, named, null, false, layers, KeepDigests: true).Change(actual));
    }
}
