using FsCheck;
using FsCheck.Fluent;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.UnitTests.Storage;

/// <summary>Whatever an archive says, nothing outside the layer's root is touched, and the answer is an error of ours or a layer that can
/// be rebuilt.</summary>
public sealed class HostileArchiveTests
{
    // Each gets the absolute path of a directory that it tries to reach.
    public static TheoryData<string> Corpus => [.. Archives("/x").Keys];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Nothing_outside_is_touched(string name)
    {
        using var fixture = new StorageFixture();
        Assert.True(IsHarmless(fixture, Archives(fixture.Outside)[name]));
    }

    [Theory]
    [InlineData("climb", "ArchiveEscape")]
    [InlineData("climb-inside", "ArchiveEscape")]
    [InlineData("link-climb", "ArchiveEscape")]
    [InlineData("sparse-gnu", "ArchiveEntryUnsupported")]
    [InlineData("sparse-pax", "ArchiveEntryUnsupported")]
    [InlineData("unknown-type", "ArchiveEntryUnsupported")]
    [InlineData("bad-sum", "ArchiveCorrupt")]
    [InlineData("truncated-data", "ArchiveCorrupt")]
    [InlineData("truncated-header", "ArchiveCorrupt")]
    [InlineData("pax-zero", "ArchiveCorrupt")]
    [InlineData("pax-malformed", "ArchiveCorrupt")]
    [InlineData("whiteout-device", "ArchiveContradiction")]
    [InlineData("whiteout-nothing", "ArchiveContradiction")]
    [InlineData("whiteout-dotdot", "ArchiveContradiction")]
    [InlineData("hard-link-outside", "ArchiveContradiction")]
    [InlineData("hard-link-through-link", "ArchiveContradiction")]
    [InlineData("file-as-root", "ArchiveContradiction")]
    [InlineData("file-below-file", "ArchiveContradiction")]
    [InlineData("link-loop", "ArchiveContradiction")]
    public void The_error_says_what_is_wrong(string name, string errorId)
    {
        using var fixture = new StorageFixture();
        var error = Assert.Throws<ContainerEngineException>(() => fixture.AddLayer(Archives(fixture.Outside)[name]));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Empty(fixture.Store.ListLayers());
        Assert.Empty(fixture.Store.FindLeftovers());
    }

    [Fact]
    public void Random_archives_stay_inside()
    {
        using var fixture = new StorageFixture();
        var part = Gen.Elements("a", "b", "c", "..", ".", "", "l", ".wh.a", ".wh..wh..opq", "é");
        var name = from parts in Gen.NonEmptyListOf(part)
                   from rooted in Gen.Elements("", "/", "./")
                   select rooted + string.Join('/', parts.Take(4));
        var target = Gen.OneOf(name, Gen.Elements(fixture.Outside, "../../../../../../outside", fixture.Outside + "/secret", "/proc/self/root", "."));
        var entry = from type in Gen.Elements('0', '0', '1', '2', '2', '5', '6', '7')
                    from path in name
                    from link in target
                    select (type, path, link);
        var property = Prop.ForAll(Gen.ListOf(entry).ToArbitrary(), entries =>
        {
            var tar = new TarBuilder();
            foreach (var (type, path, link) in entries)
                tar.Entry(type, path, type is '0' or '7' ? TarBuilder.Latin("content") : [], link);
            return IsHarmless(fixture, tar.Build());
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), property);
    }

    [Fact]
    public void Random_bytes_are_refused_or_unpacked_but_never_crash()
    {
        using var fixture = new StorageFixture();
        var valid = new TarBuilder().Directory("d/").File("d/f", new string('x', 700)).Symlink("l", "d").Build();
        var mutation = from offset in Gen.Choose(0, valid.Length - 1)
                       from value in Gen.Choose(0, 255)
                       select (offset, (byte)value);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Gen.NonEmptyListOf(mutation).ToArbitrary(), mutations =>
        {
            var tar = (byte[])valid.Clone();
            foreach (var (offset, value) in mutations)
                tar[offset] = value;
            return IsHarmless(fixture, tar);
        }));
    }

    private static bool IsHarmless(StorageFixture fixture, byte[] tar)
    {
        var before = fixture.Snapshot();
        try
        {
            using var staging = fixture.Store.BeginLayer();
            staging.Unpack(new MemoryStream(tar), CancellationToken.None);
        }
        catch (ContainerEngineException)
        {
        }
        var after = fixture.Snapshot();
        // The store itself appears beside; the rest is as it was.
        static IEnumerable<string> Lines(string text) => text.Split('\n').Where(line => !line.Contains("/graph ") && !line.Contains("/run "));
        return Lines(before).SequenceEqual(Lines(after));
    }

    internal static Dictionary<string, byte[]> Archives(string outside) => new()
    {
        ["climb"] = new TarBuilder().File("../../outside/new", "x").Build(),
        ["climb-inside"] = new TarBuilder().File("a/b/../../../../../../outside/new", "x").Build(),
        ["absolute"] = new TarBuilder().File(outside + "/new", "x").Build(),
        ["absolute-climb"] = new TarBuilder().File("/../../../../../.." + outside + "/new", "x").Build(),
        ["link-climb"] = new TarBuilder().HardLink("a", "../../../../outside/secret").Build(),
        ["link-then-file"] = new TarBuilder().Symlink("l", outside).File("l/new", "x").Build(),
        ["link-then-secret"] = new TarBuilder().Symlink("l", outside).File("l/secret", "x").Build(),
        ["relative-link-then-file"] = new TarBuilder().Symlink("l", "../../../../../../../../../.." + outside).File("l/new", "x").Build(),
        ["link-chain"] = new TarBuilder().Symlink("a", ".").Symlink("b", "a/..").Symlink("c", "b/../../..").File("c/new", "x").Build(),
        ["link-to-file-then-write"] = new TarBuilder().Symlink("s", outside + "/secret").File("s", "overwritten").Build(),
        ["link-then-chmod"] = new TarBuilder().Symlink("l", outside).Directory("l/", 0x1FF).Build(),
        ["directory-swapped"] = new TarBuilder().Directory("d/").File("d/f", "1").Symlink("d", outside).File("d/new", "x").Build(),
        ["magic-link"] = new TarBuilder().Symlink("p", "/proc/self/root" + outside).File("p/new", "x").Build(),
        ["hard-link-outside"] = new TarBuilder().HardLink("h", outside + "/secret").Build(),
        ["hard-link-through-link"] = new TarBuilder().Symlink("l", outside).HardLink("h", "l/secret").Build(),
        ["hard-link-of-link"] = new TarBuilder().Symlink("l", outside + "/secret").HardLink("h", "l").File("h", "x").Build(),
        ["whiteout-through-link"] = new TarBuilder().Symlink("l", outside).File("l/.wh.secret").Build(),
        ["opaque-through-link"] = new TarBuilder().Symlink("l", outside).File("l/.wh..wh..opq").Build(),
        ["whiteout-nothing"] = new TarBuilder().File(".wh.").Build(),
        ["whiteout-dotdot"] = new TarBuilder().File("a/.wh...").Build(),
        ["whiteout-device"] = new TarBuilder().Entry('3', "dev", [], mode: 0x1B6).Build(),
        ["overlay-attributes"] = new TarBuilder().Pax(("SCHILY.xattr.trusted.overlay.redirect", "/" + outside), ("SCHILY.xattr.user.overlay.redirect", outside)).Directory("d/").Build(),
        ["pax-climb"] = new TarBuilder().Pax(("path", "../../outside/new")).File("harmless", "x").Build(),
        ["pax-zero"] = new TarBuilder().Pax(("path", "a\0b")).File("harmless", "x").Build(),
        ["pax-malformed"] = new TarBuilder().Entry('x', "PaxHeaders/x", TarBuilder.Latin("9999 path=x\n")).File("a").Build(),
        ["pax-negative-size"] = new TarBuilder().Pax(("size", "-1")).File("a", "x").Build(),
        ["pax-huge-size"] = new TarBuilder().Pax(("size", "9223372036854775807")).File("a", "x").Build(),
        ["long-name-climb"] = new TarBuilder().LongName(string.Concat(Enumerable.Repeat("../", 60)) + "outside/new").File("a", "x").Build(),
        ["sparse-gnu"] = new TarBuilder().Entry('S', "s", TarBuilder.Latin("x")).Build(),
        ["sparse-pax"] = new TarBuilder().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0")).File("s", "x").Build(),
        ["unknown-type"] = new TarBuilder().Entry('Q', "q", []).Build(),
        ["bad-sum"] = new TarBuilder().Entry('0', "a", [], badSum: true).Build(),
        ["truncated-data"] = new TarBuilder().Entry('0', "a", TarBuilder.Latin("x"), size: "00000777777\0").Build(withEnd: false),
        ["truncated-header"] = new TarBuilder().Raw([1, 2, 3]).Build(withEnd: false),
        ["file-as-root"] = new TarBuilder().Entry('2', "./", [], outside).Build(),
        ["file-below-file"] = new TarBuilder().File("a", "x").File("a/b", "y").Build(),
        ["link-loop"] = new TarBuilder().Symlink("a", "b").Symlink("b", "a").File("a/new", "x").Build(),
        ["long-component"] = new TarBuilder().Pax(("path", new string('n', 300))).File("a", "x").Build(),
        ["deep"] = new TarBuilder().Pax(("path", string.Concat(Enumerable.Repeat("d/", 3000)))).Directory("a/").Build(),
        ["garbage"] = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 37))],
    };
}
