using System.IO.Compression;
using System.Text;
using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;
using Podsharp.UnitTests.Storage;

namespace Podsharp.UnitTests.Images;

/// <summary>Archives of images, honest and hostile, from a file and from a pipe: loaded as a whole, or refused with nothing left.</summary>
public sealed class ImageLoaderTests
{
    private static readonly byte[] s_lower = new TarBuilder().Directory("d/").File("d/f", "lower").Build();
    private static readonly byte[] s_upper = new TarBuilder().File("g", "upper").Build();

    public static TheoryData<bool> FileAndPipe => [true, false];

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task An_archive_of_Dockers_is_loaded(bool isFile)
    {
        using var fixture = new StorageFixture();
        var loaded = await Load(fixture, Docker([s_lower, s_upper]), isFile);
        var (image, names) = Assert.Single(loaded);
        Assert.Equal(["localhost/a:1"], names);
        Assert.Equal(["localhost/a:1"], fixture.Store.FindImage(image.Id)!.Names);
        Assert.Equal("lower", File.ReadAllText(fixture.Diff(Id(s_lower)) + "/d/f"));
        Assert.Equal(2, fixture.Store.ListLayers().Count);
        CheckClean(fixture);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task A_layout_is_loaded_with_manifests_and_digests(bool isFile)
    {
        using var fixture = new StorageFixture();
        var (archive, manifest) = Layout([s_lower, s_upper], "a:1");
        var (image, _) = Assert.Single(await Load(fixture, archive.Build(), isFile));
        Assert.Equal(ContentDigest.Of(manifest).ToString(), image.Digest);
        Assert.Equal(manifest, fixture.Store.ReadImageData(image.Id, "manifest"));
        CheckClean(fixture);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task The_same_content_at_several_places_is_as_many_layers(bool isFile)
    {
        using var fixture = new StorageFixture();
        var loaded = await Load(fixture, Docker([s_lower, s_upper, s_lower], [s_upper, s_lower], [s_lower, s_upper]), isFile);
        Assert.Equal(3, loaded.Count);
        Assert.Equal(5, fixture.Store.ListLayers().Count);
        foreach (var layer in fixture.Store.ListLayers())
        {
            fixture.Store.VerifyLayer(layer.Id);
        }
        CheckClean(fixture);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task What_is_there_already_is_not_unpacked_again(bool isFile)
    {
        using var fixture = new StorageFixture();
        await Load(fixture, Docker([s_lower, s_upper]), isFile);
        var before = Directory.GetCreationTimeUtc(fixture.Diff(Id(s_lower)));
        await Load(fixture, Docker([s_lower, s_upper]), isFile);
        Assert.Equal(before, Directory.GetCreationTimeUtc(fixture.Diff(Id(s_lower))));
        Assert.Equal(2, fixture.Store.ListLayers().Count);
        CheckClean(fixture);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task What_was_saved_is_loaded(bool isFile)
    {
        foreach (var format in Enum.GetValues<ImageArchiveFormat>())
        {
            using StorageFixture from = new(), to = new();
            var (image, _) = Assert.Single(await Load(from, Docker([s_lower, s_upper]), isFile));
            var archive = new MemoryStream();
            await new ImageSaver(from.Store, new ImageCatalog(from.Store, NoConfiguration(from)), from.Root).SaveAsync(
                new ImageSaveRequest { Images = [new("localhost/a:1", [])], Format = format }, archive, Channel.CreateUnbounded<ImageSaveProgress>().Writer, CancellationToken.None);
            var (copy, _) = Assert.Single(await Load(to, archive.ToArray(), isFile));
            Assert.Equal(image.Id, copy.Id);
            Assert.Equal(image.TopLayerId, copy.TopLayerId);
            CheckClean(to);
        }
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task Names_that_climb_out_are_refused(bool isFile)
    {
        await Refused("ArchiveEscape", new TarBuilder().File("../../etc/passwd", "{}").Build(), isFile);
        await Refused("ArchiveEscape", new TarBuilder().Symlink("a/layer.tar", "../../layer.tar").Build(), isFile);
        await Refused("ArchiveEscape", new TarBuilder().Symlink("layer.tar", "/etc/passwd").Build(), isFile);
        await Refused("ArchiveEscape", new TarBuilder().HardLink("layer.tar", "../passwd").Build(), isFile);
        await Refused("ArchiveEscape", Files(new TarBuilder(), ("c.json", Config(s_lower)), ("manifest.json", Entry("c.json", "../x.tar"))).Build(), isFile);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task Links_that_lead_in_a_circle_or_nowhere_are_refused(bool isFile)
    {
        await Refused("ArchiveCorrupt", Files(new TarBuilder().Symlink("a", "b").Symlink("b", "a"), ("c.json", Config(s_lower)), ("manifest.json", Entry("c.json", "a"))).Build(), isFile);
        await Refused("ArchiveCorrupt", Files(new TarBuilder().Symlink("a", "none"), ("c.json", Config(s_lower)), ("manifest.json", Entry("c.json", "a"))).Build(), isFile);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task Content_that_was_not_promised_is_refused(bool isFile)
    {
        await Refused("LayerDigestMismatch", Files(new TarBuilder(), ("l.tar", s_upper), ("c.json", Config(s_lower)), ("manifest.json", Entry("c.json", "l.tar"))).Build(), isFile);
        var (archive, _) = Layout([s_lower], "a", layer => layer == s_lower ? s_upper : layer);
        await Refused("DigestMismatch", archive.Build(), isFile);
        (archive, _) = Layout([s_lower], "a", manifestBytes: manifest => [.. manifest, (byte)' ']);
        await Refused("DigestMismatch", archive.Build(), isFile);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task An_index_that_names_itself_or_never_ends_is_refused(bool isFile)
    {
        var digest = ContentDigest.Of("itself"u8);
        var self = Index(digest, 100, "a");
        await Refused("DigestMismatch", Files(new TarBuilder(), ("oci-layout", "{}"u8.ToArray()), ($"blobs/sha256/{digest.Hex}", self), ("index.json", self)).Build(), isFile);
        var archive = new TarBuilder();
        var (_, manifest) = Layout([s_lower], "a");
        var inner = manifest;
        for (var i = 0; i < 6; i++)
        {
            Files(archive, ($"blobs/sha256/{ContentDigest.Of(inner).Hex}", inner));
            inner = Index(ContentDigest.Of(inner), inner.Length, null);
        }
        await Refused("InvalidManifest", Files(archive, ("oci-layout", "{}"u8.ToArray()), ("index.json", inner)).Build(), isFile);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task A_damaged_layer_is_refused_only_where_an_image_has_it(bool isFile)
    {
        byte[] damaged = [.. new TarBuilder().File("f", "x").Build(withEnd: false), .. Enumerable.Repeat((byte)7, 512)];
        await Refused("ArchiveCorrupt", Files(new TarBuilder(), ("l.tar", damaged), ("c.json", Config(damaged)), ("manifest.json", Entry("c.json", "l.tar"))).Build(), isFile);
        using var fixture = new StorageFixture();
        await Load(fixture, Files(new TarBuilder(), ("l.tar", damaged), ("m.tar", s_lower), ("c.json", Config(s_lower)), ("manifest.json", Entry("c.json", "m.tar"))).Build(), isFile);
        CheckClean(fixture);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task Wherever_an_archive_is_cut_nothing_is_left(bool isFile)
    {
        using var fixture = new StorageFixture();
        var archive = Docker([s_lower, s_upper]);
        // The padding of the last file and the end blocks are missed by nobody.
        for (var length = 0; length < archive.Length - 1536; length += 511)
        {
            await Assert.ThrowsAsync<ContainerEngineException>(() => Load(fixture, archive[..length], isFile));
        }
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(archive);
        }
        for (var length = 10; length < packed.Length - 8; length += 97)
        {
            await Assert.ThrowsAsync<ContainerEngineException>(() => Load(fixture, packed.ToArray()[..length], isFile));
        }
        Assert.Empty(fixture.Store.ListImages());
        Assert.Empty(fixture.Store.ListLayers());
        CheckClean(fixture);
    }

    [Fact]
    public void Data_that_was_made_to_fill_disks_is_refused()
    {
        Assert.Equal("DecompressionBomb", Assert.Throws<ContainerEngineException>(() => LayerPipeline.CheckRatio("it", 9L << 30, 1 << 20)).ErrorId);
        LayerPipeline.CheckRatio("it", 9L << 30, 1 << 30);
        LayerPipeline.CheckRatio("it", 1L << 30, 1);
    }

    [Fact]
    public async Task Descriptions_do_not_fill_the_memory()
    {
        var archive = new TarBuilder();
        var document = Encoding.UTF8.GetBytes("{" + new string(' ', 15 << 20));
        for (var i = 0; i < 5; i++)
        {
            Files(archive, ($"{i}.json", document));
        }
        await Refused("ArchiveCorrupt", archive.Build(), isFile: true);
    }

    [Theory]
    [MemberData(nameof(FileAndPipe))]
    public async Task What_is_no_archive_of_images_is_said_to_be_none(bool isFile)
    {
        await Refused("NotAnImageArchive", s_lower, isFile);
        await Refused("NotAnImageArchive", new TarBuilder().Build(), isFile);
        await Refused("ArchiveCorrupt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("no tar at all ", 100))), isFile);
        await Refused("Unsupported", [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. new byte[600]], isFile);
    }

    private static async Task Refused(string errorId, byte[] archive, bool isFile)
    {
        using var fixture = new StorageFixture();
        Assert.Equal(errorId, (await Assert.ThrowsAsync<ContainerEngineException>(() => Load(fixture, archive, isFile))).ErrorId);
        Assert.Empty(fixture.Store.ListImages());
        Assert.Empty(fixture.Store.ListLayers());
        CheckClean(fixture);
        Assert.Equal(["secret"], Directory.EnumerateFileSystemEntries(fixture.Outside).Select(Path.GetFileName));
        Assert.Equal("secret", File.ReadAllText(fixture.Outside + "/secret"));
    }

    private static void CheckClean(StorageFixture fixture)
    {
        Assert.Empty(fixture.Store.FindLeftovers());
        foreach (var directory in new[] { "/overlay/tempdirs", "/overlay-layers/tmp" })
        {
            Assert.False(Directory.Exists(fixture.Configuration.GraphRoot + directory) && Directory.EnumerateFileSystemEntries(fixture.Configuration.GraphRoot + directory).Any());
        }
    }

    private static Task<IReadOnlyList<(StoredImage Image, IReadOnlyList<string> Names)>> Load(StorageFixture fixture, byte[] archive, bool isFile) =>
        new ImageLoader(fixture.Store).LoadAsync(isFile ? new MemoryStream(archive) : new Pipe(archive), new ImageLoadRequest(),
            Channel.CreateUnbounded<ImagePullProgress>().Writer, CancellationToken.None);

    private static ConfigurationEnvironment NoConfiguration(StorageFixture fixture) =>
        new() { Variables = new Dictionary<string, string>(), UserId = 0, HomeDirectory = fixture.Root, SystemRoot = fixture.Root };

    private static string Id(byte[] tar) => ContentDigest.Of(tar).Hex;

    private static byte[] Config(params byte[][] layers) => Encoding.UTF8.GetBytes(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + string.Join(',', layers.Select(layer => $"\"{ContentDigest.Of(layer)}\"")) + "]}}");

    private static byte[] Entry(string config, params string[] layers) => Encoding.UTF8.GetBytes(
        $"[{{\"Config\":\"{config}\",\"RepoTags\":[\"localhost/a:1\"],\"Layers\":[{string.Join(',', layers.Select(layer => $"\"{layer}\""))}]}}]");

    private static TarBuilder Files(TarBuilder archive, params (string Name, byte[] Content)[] files)
    {
        foreach (var (name, content) in files)
        {
            archive.Entry('0', name, content);
        }
        return archive;
    }

    /// <summary>Images named a:1, a:2, ... in an archive of Docker's.</summary>
    private static byte[] Docker(params byte[][][] images)
    {
        var archive = new TarBuilder();
        var entries = new List<string>();
        foreach (var layers in images)
        {
            var config = Config(layers);
            Files(archive, ($"{ContentDigest.Of(config).Hex}.json", config));
            entries.Add($"{{\"Config\":\"{ContentDigest.Of(config).Hex}.json\",\"RepoTags\":[\"localhost/a:{entries.Count + 1}\"],\"Layers\":[{string.Join(',', layers.Select(layer => $"\"{Id(layer)}.tar\""))}]}}");
        }
        foreach (var layer in images.SelectMany(layers => layers).Distinct())
        {
            Files(archive, ($"{Id(layer)}.tar", layer));
        }
        return Files(archive, ("manifest.json", Encoding.UTF8.GetBytes($"[{string.Join(',', entries)}]"))).Build();
    }

    private static byte[] Index(ContentDigest digest, long size, string? name) => Encoding.UTF8.GetBytes(
        $"{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"{digest}\",\"size\":{size}"
        + (name is null ? "" : $",\"annotations\":{{\"org.opencontainers.image.ref.name\":\"{name}\"}}") + "}]}");

    private static (TarBuilder Archive, byte[] Manifest) Layout(byte[][] layers, string name, Func<byte[], byte[]>? layerBytes = null, Func<byte[], byte[]>? manifestBytes = null)
    {
        var config = Config(layers);
        var manifest = ImageManifestJson.Write(ImageFormat.Oci, new Descriptor { Digest = ContentDigest.Of(config).ToString(), Size = config.Length },
            [.. layers.Select(layer => new Descriptor { MediaType = MediaTypes.OciLayer, Digest = ContentDigest.Of(layer).ToString(), Size = layer.Length })]);
        var archive = Files(new TarBuilder(), ("oci-layout", "{}"u8.ToArray()), ($"blobs/sha256/{ContentDigest.Of(config).Hex}", config),
            ($"blobs/sha256/{ContentDigest.Of(manifest).Hex}", manifestBytes?.Invoke(manifest) ?? manifest));
        foreach (var layer in layers)
        {
            Files(archive, ($"blobs/sha256/{Id(layer)}", layerBytes?.Invoke(layer) ?? layer));
        }
        return (Files(archive, ("index.json", Index(ContentDigest.Of(manifest), manifest.Length, name))), manifest);
    }

    /// <summary>A stream that can't seek, and gives what it has in small parts.</summary>
    private sealed class Pipe(byte[] content) : OneWayStream
    {
        private int _offset;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            var part = content.AsSpan(_offset, Math.Min(Math.Min(buffer.Length, 1000), content.Length - _offset));
            part.CopyTo(buffer);
            _offset += part.Length;
            return part.Length;
        }
    }
}
