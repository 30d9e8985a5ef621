using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;
using Podsharp.Model;
using Podsharp.UnitTests.Storage;

namespace Podsharp.UnitTests.Images;

public sealed class ImageSourceTests
{
    // More than two pieces, the last one short; half of it doesn't compress.
    private static readonly byte[] s_large = [.. RandomNumberGenerator.GetBytes(1_200_000), .. new byte[1_300_001]];

    private static byte[] LargeTar() => new TarBuilder().Directory("d/").Entry('0', "d/large", s_large).File("d/small", "x").HardLink("d/again", "d/small").Build();

    [Theory]
    [InlineData("None", null)]
    [InlineData("Gzip", null)]
    [InlineData("Gzip", 1)]
    [InlineData("Gzip", 9)]
    [InlineData("Zstd", null)]
    [InlineData("Zstd", 10)]
    public async Task A_layer_is_packed_to_a_blob_that_unpacks_to_its_tar(string compression, int? level)
    {
        using var fixture = new StorageFixture();
        var tar = LargeTar();
        var source = Open(fixture, AddImage(fixture, [tar]));
        var kind = Enum.Parse<LayerCompression>(compression);
        var (packed, blob) = await Pack(source, kind, level);
        Assert.Equal(ContentDigest.Of(blob), packed.Digest);
        Assert.Equal(blob.Length, packed.Size);
        Assert.Equal(kind, Decompression.Detect(blob));
        Assert.True(kind == LayerCompression.None || blob.Length < tar.Length * 6 / 10);
        Assert.Equal(tar, await Unpack(blob, kind));
        Assert.Equal(blob, (await Pack(source, kind, level)).Blob);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Gzip")]
    public async Task A_layer_that_was_changed_in_the_store_is_not_given_out(string compression)
    {
        using var fixture = new StorageFixture();
        var source = Open(fixture, AddImage(fixture, [LargeTar()]));
        await File.WriteAllTextAsync(fixture.Diff(source.Layers[0].Stored.Id) + "/d/small", "y");
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Pack(source, Enum.Parse<LayerCompression>(compression), null));
        Assert.Equal("LayerCorrupt", error.ErrorId);
        Assert.Throws<ContainerEngineException>(() => { using var tar = source.OpenTar(source.Layers[0]); tar.CopyTo(Stream.Null); });
    }

    [Fact]
    public async Task The_digest_counts_even_where_every_file_is_as_it_was()
    {
        using var fixture = new StorageFixture();
        var (one, other) = (new TarBuilder().File("f", "x").Build(), new TarBuilder().File("f", "x", mode: 0x1ED).Build());
        var image = AddImage(fixture, [one], config: diffIds => Config([ContentDigest.Of(other).ToString()]));
        var source = Open(fixture, image);
        Assert.Null(source.Layers[0].DiffSize);
        Assert.Equal("LayerCorrupt", (await Assert.ThrowsAsync<ContainerEngineException>(() => Pack(source, LayerCompression.None, null))).ErrorId);
        Assert.Throws<ContainerEngineException>(() => { using var tar = source.OpenTar(source.Layers[0]); tar.CopyTo(Stream.Null); });
    }

    [Fact]
    public async Task What_stops_the_writer_stops_the_packing()
    {
        using var fixture = new StorageFixture();
        var source = Open(fixture, AddImage(fixture, [LargeTar()]));
        await Assert.ThrowsAsync<IOException>(() => LayerPacker.RunAsync(source, source.Layers[0], LayerCompression.Zstd, null,
            (_, _) => throw new IOException("full"), CancellationToken.None));
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LayerPacker.RunAsync(source, source.Layers[0], LayerCompression.None, null,
            (_, _) => { stop.Cancel(); return ValueTask.CompletedTask; }, stop.Token));
    }

    [Fact]
    public void Levels_that_a_format_lacks_are_refused()
    {
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => BlockCompressor.Create(LayerCompression.Gzip, 10)).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => BlockCompressor.Create(LayerCompression.Zstd, 0)).Kind);
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<ContainerEngineException>(() => BlockCompressor.Create(LayerCompression.Xz, null)).Kind);
    }

    [Fact]
    public void Layers_and_their_known_blobs_are_those_of_the_manifest()
    {
        using var fixture = new StorageFixture();
        byte[] lower = new TarBuilder().File("f", "x").Build(), upper = new TarBuilder().File("g", "y").Build();
        var image = AddImage(fixture, [lower, upper], config => Manifest(config, "application/vnd.oci.image.layer.v1.tar+gzip", 2));
        var source = Open(fixture, image);
        Assert.Equal([ContentDigest.Of(lower), ContentDigest.Of(upper)], source.Layers.Select(layer => layer.DiffId));
        Assert.Equal([lower.Length, upper.Length], source.Layers.Select(layer => layer.DiffSize!.Value));
        Assert.Equal(Blob(1), source.Layers[1].KnownBlob!.Digest);
        Assert.Equal("application/vnd.docker.image.rootfs.diff.tar.gzip", source.Layers[1].DescribeKnown(ImageFormat.Docker)!.MediaType);
        Assert.Equal(source.ConfigBytes, fixture.Store.ReadImageData(image.Id, "sha256:" + image.Id));
    }

    [Fact]
    public void An_unchanged_manifest_keeps_its_bytes_and_a_changed_one_its_annotations()
    {
        using var fixture = new StorageFixture();
        var image = AddImage(fixture, [new TarBuilder().File("f", "x").Build()], config => Manifest(config, "application/vnd.oci.image.layer.v1.tar+gzip", 1));
        var source = Open(fixture, image);
        var known = source.Layers[0].DescribeKnown(ImageFormat.Oci)!;
        Assert.Equal(source.Manifest!.Bytes, source.BuildManifest(ImageFormat.Oci, [known]));
        var plain = source.Layers[0].Describe(ImageFormat.Oci, source.Layers[0].DiffId, source.Layers[0].DiffSize!.Value, LayerCompression.None);
        Assert.Equal($$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{source.ConfigDigest}}}","size":{{{source.ConfigBytes.Length}}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{{plain.Digest}}}","size":{{{plain.Size}}}}],"annotations":{"a":"1","b":"2"}}""",
            Encoding.UTF8.GetString(source.BuildManifest(ImageFormat.Oci, [plain])));
        var docker = source.Layers[0].Describe(ImageFormat.Docker, source.Layers[0].DiffId, source.Layers[0].DiffSize!.Value, LayerCompression.None);
        Assert.Equal($$$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{source.ConfigBytes.Length}}},"digest":"{{{source.ConfigDigest}}}"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar","size":{{{docker.Size}}},"digest":"{{{docker.Digest}}}"}]}""",
            Encoding.UTF8.GetString(source.BuildManifest(ImageFormat.Docker, [docker])));
    }

    [Fact]
    public void Dockers_form_has_no_zstd()
    {
        using var fixture = new StorageFixture();
        var image = AddImage(fixture, [new TarBuilder().File("f", "x").Build()], config => Manifest(config, "application/vnd.oci.image.layer.v1.tar+zstd", 1));
        var layer = Open(fixture, image).Layers[0];
        Assert.Null(layer.DescribeKnown(ImageFormat.Docker));
        Assert.NotNull(layer.DescribeKnown(ImageFormat.Oci));
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<ContainerEngineException>(() => layer.Describe(ImageFormat.Docker, layer.DiffId, 1, LayerCompression.Zstd)).Kind);
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", ImageFormat.Docker, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", ImageFormat.Oci, "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip", ImageFormat.Oci, "application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar", ImageFormat.Oci, "application/vnd.oci.image.layer.v1.tar")]
    [InlineData("application/vnd.oci.image.layer.v1.tar", ImageFormat.Docker, "application/vnd.docker.image.rootfs.diff.tar")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+zstd", ImageFormat.Oci, "application/vnd.oci.image.layer.v1.tar+zstd")]
    public void Types_of_layers_are_converted(string from, ImageFormat format, string to) => Assert.Equal(to, MediaTypes.ConvertLayer(from, format));

    [Fact]
    public void A_configuration_that_does_not_fit_the_layers_is_found()
    {
        using var fixture = new StorageFixture();
        var image = AddImage(fixture, [new TarBuilder().File("f", "x").Build()], config: diffIds => Config([.. diffIds, .. diffIds]));
        Assert.Equal(ErrorKind.DataCorrupt, Assert.Throws<ContainerEngineException>(() => Open(fixture, image)).Kind);
    }

    private static ImageSource Open(StorageFixture fixture, StoredImage image) =>
        ImageSource.Open(fixture.Store, new ImageCatalog(fixture.Store, new ConfigurationEnvironment
        {
            Variables = new Dictionary<string, string>(),
            UserId = 0,
            HomeDirectory = fixture.Root,
            SystemRoot = fixture.Root,
        }), image);

    private static async Task<(PackedLayer Packed, byte[] Blob)> Pack(ImageSource source, LayerCompression compression, int? level)
    {
        var blob = new MemoryStream();
        var packed = await LayerPacker.RunAsync(source, source.Layers[0], compression, level, blob.WriteAsync, CancellationToken.None);
        return (packed, blob.ToArray());
    }

    private static async Task<byte[]> Unpack(byte[] blob, LayerCompression compression)
    {
        using var pipe = new BlockPipe(blob.Length / BlockPipe.BlockSize + 2, CancellationToken.None);
        foreach (var part in blob.Chunk(BlockPipe.BlockSize))
        {
            var block = BlockPipe.Rent();
            part.CopyTo(block, 0);
            pipe.Write(block, part.Length);
        }
        pipe.Complete();
        using var source = new BlockPipeStream(pipe);
        using var plain = Decompression.Open(source, compression, "the blob");
        var result = new MemoryStream();
        await Task.Run(() => plain.CopyTo(result));
        return result.ToArray();
    }

    private static string Blob(int index) => "sha256:" + new string((char)('a' + index), 64);

    private static byte[] Config(IEnumerable<string> diffIds) => Encoding.UTF8.GetBytes(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + string.Join(',', diffIds.Select(id => $"\"{id}\"")) + "]}}");

    private static byte[] Manifest(byte[] config, string layerType, int layers) => Encoding.UTF8.GetBytes($$"""
        { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{ContentDigest.Of(config)}}", "size": {{config.Length}}},
          "layers": [{{string.Join(',', Enumerable.Range(0, layers).Select(i => $$"""{"mediaType":"{{layerType}}","digest":"{{Blob(i)}}","size":77}"""))}}],
          "annotations": {"b": "2", "a": "1"} }
        """);

    /// <summary>Records an image of these layers, lowest first.</summary>
    private static StoredImage AddImage(StorageFixture fixture, byte[][] tars, Func<byte[], byte[]>? manifest = null, Func<List<string>, byte[]>? config = null)
    {
        var staged = new List<(LayerStaging, LayerCommit)>();
        var diffIds = new List<string>();
        string? top = null;
        foreach (var tar in tars)
        {
            var staging = fixture.Store.BeginLayer();
            diffIds.Add(staging.Unpack(new MemoryStream(tar), CancellationToken.None).DiffId);
            staged.Add((staging, new LayerCommit { ParentId = top }));
            top = ContainerStorage.ComputeLayerId(top, diffIds[^1]);
        }
        var bytes = (config ?? Config)(diffIds);
        var id = ContentDigest.Of(bytes).Hex;
        var data = new List<KeyValuePair<string, ReadOnlyMemory<byte>>> { new("sha256:" + id, bytes) };
        if (manifest is not null)
        {
            data.Add(new("manifest", manifest(bytes)));
        }
        var image = fixture.Store.CommitImage(staged, new ImageCommit { Id = id, TopLayerId = top, BigData = data });
        staged.ForEach(item => item.Item1.Dispose());
        return image;
    }
}
