using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.UnitTests.Storage;

/// <summary>A layer's files are what the archive says, and the archive comes back byte for byte.</summary>
public sealed class UnpackTests
{
    [Fact]
    public void The_digest_and_size_are_the_streams()
    {
        using var fixture = new StorageFixture();
        var tar = new TarBuilder().Directory("./").File("./a", "hello").Build();
        using var staging = fixture.Store.BeginLayer();
        var result = staging.Unpack(new MemoryStream(tar), CancellationToken.None);
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(tar)), result.DiffId);
        Assert.Equal(tar.Length, result.DiffSize);
    }

    [Fact]
    public void Times_modes_and_links_are_kept()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().Directory("d/", 0x1ED)
            .Pax(("mtime", "1234567890.123456789")).File("d/f", "content", 0x9ED /* 04755 */).HardLink("d/h", "d/f", 0x9ED).Symlink("d/s", "/nowhere").Build());
        var root = fixture.Diff(layer);
        var file = Files.TryStatus(root + "/d/h")!.Value;
        Assert.Equal(2u, file.LinkCount);
        Assert.Equal(0x9EDu, file.Mode & 0xFFF);
        Assert.Equal(new FileTime(1_600_000_000, 0), Files.TryStatus(root + "/d")!.Value.Modified);
        Assert.Equal("/nowhere", Encoding.UTF8.GetString(Files.TryReadLink(Files.Absolute, root + "/d/s")!));
        fixture.Store.VerifyLayer(layer);
    }

    [Theory]
    [InlineData("1234567890.123456789", 1234567890, 123456789)]
    [InlineData("-1.25", -2, 750000000)]
    [InlineData("5", 5, 0)]
    [InlineData("5.1234567891234", 5, 123456789)]
    public void Exact_times(string text, long seconds, long nanoseconds)
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().Pax(("mtime", text)).File("f", "x").Build());
        Assert.Equal(new FileTime(seconds, nanoseconds), Files.TryStatus(fixture.Diff(layer) + "/f")!.Value.Modified);
    }

    [Fact]
    public void Names_that_are_not_utf8_come_back()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().File("\u00ff\u00fe", "bytes").LongName(new string('n', 150)).File("short", "long").Build());
        Assert.NotNull(Files.TryStatus((CPath)(ReadOnlySpan<byte>)(byte[])[.. Encoding.UTF8.GetBytes(fixture.Diff(layer) + "/"), 0xff, 0xfe]));
        Assert.True(File.Exists($"{fixture.Diff(layer)}/{new string('n', 150)}"));
        fixture.Store.VerifyLayer(layer);
    }

    [Fact]
    public void Whiteouts_become_the_kernels()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().File("d/.wh.gone").Directory("o/").File("o/.wh..wh..opq").File("o/new", "x").Build());
        var gone = Files.TryStatus(fixture.Diff(layer) + "/d/gone")!.Value;
        Assert.Equal((ModeBits.CharacterDevice, 0u, 0u), (gone.Type, gone.SpecialMajor, gone.SpecialMinor));
        var attribute = fixture.Configuration.Rootless ? "user.overlay.opaque" : "trusted.overlay.opaque";
        Assert.Equal("y"u8.ToArray(), Files.TryGetAttribute(Files.Absolute, fixture.Diff(layer) + "/o", attribute));
        fixture.Store.VerifyLayer(layer);
    }

    [Fact]
    public void A_file_reached_through_a_link_can_be_rebuilt()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().Directory("usr/lib/").Symlink("lib", "/usr/lib").File("lib/f", "content").Build());
        Assert.Equal("content", File.ReadAllText(fixture.Diff(layer) + "/usr/lib/f"));
        fixture.Store.VerifyLayer(layer);
    }

    [Fact]
    public void The_roots_own_entry_is_passed_over()
    {
        using var fixture = new StorageFixture();
        var below = fixture.AddLayer(new TarBuilder().Directory("./", 0x1C0).File("./f", "x").Build());
        var above = fixture.AddLayer(new TarBuilder().Directory("./", 0x1FF).Build(), below);
        Assert.Equal(0x16Du, Files.TryStatus(fixture.Diff(below))!.Value.Mode & 0xFFF);
        Assert.Equal(0x16Du, Files.TryStatus(fixture.Diff(above))!.Value.Mode & 0xFFF);
        fixture.Store.VerifyLayer(above);
    }

    [Fact]
    public void Global_headers_are_read_and_passed_over()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().Global("comment", "a commit").Global("mtime", "1").File("f", "x").Build());
        Assert.Equal(1_600_000_000, Files.TryStatus(fixture.Diff(layer) + "/f")!.Value.Modified.Seconds);
        fixture.Store.VerifyLayer(layer);
    }

    [Fact]
    public void Later_entries_win()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().Directory("a/").Directory("a/b/").Symlink("a", "c").Directory("a/", 0x1C0).Build());
        Assert.Equal(0x41C0u, Files.TryStatus(fixture.Diff(layer) + "/a", followLink: false)!.Value.Mode);
        Assert.False(System.IO.Directory.Exists(fixture.Diff(layer) + "/a/b"));
    }

    [Fact]
    public void A_changed_file_is_noticed()
    {
        using var fixture = new StorageFixture();
        var layer = fixture.AddLayer(new TarBuilder().File("f", "content").Build());
        fixture.Store.VerifyLayer(layer);
        File.WriteAllText(fixture.Diff(layer) + "/f", "CONTENT");
        Assert.Equal("LayerCorrupt", Assert.Throws<ContainerEngineException>(() => fixture.Store.VerifyLayer(layer)).ErrorId);
    }

    [Fact]
    public void Every_archive_comes_back_byte_for_byte()
    {
        using var fixture = new StorageFixture();
        var content = Gen.OneOf(Gen.Constant(""), Gen.Choose(0, 2000).Select(n => new string('x', n)), Gen.Choose(250_000, 600_000).Select(n => new string('y', n)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Gen.ListOf(content).ToArbitrary(), contents =>
        {
            var builder = new TarBuilder();
            var number = 0;
            foreach (var text in contents)
                builder.Directory($"d{number}/").File($"d{number}/f{number++}", text).Pax(("comment", text[..Math.Min(9, text.Length)]));
            var tar = builder.File("last").Raw(new byte[number * 100]).Build();
            var layer = fixture.AddLayer(tar);
            using var back = fixture.Store.OpenLayerTar(layer);
            var copy = new MemoryStream();
            back.CopyTo(copy);
            return copy.ToArray().AsSpan().SequenceEqual(tar);
        }));
    }

    [Fact]
    public void Cancelling_leaves_nothing()
    {
        using var fixture = new StorageFixture();
        using var source = new CancellationTokenSource();
        var tar = new TarBuilder().File("f", new string('x', 3_000_000)).Build();
        using (var staging = fixture.Store.BeginLayer())
            Assert.ThrowsAny<OperationCanceledException>(() => staging.Unpack(new CancellingStream(tar, source), source.Token));
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(fixture.Configuration.GraphRoot + "/overlay/tempdirs"));
    }

    private sealed class CancellingStream(byte[] bytes, CancellationTokenSource source) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer)
        {
            source.Cancel();
            return base.Read(buffer);
        }
    }
}
