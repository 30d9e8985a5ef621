using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.UnitTests.Storage;

public sealed class TarFormatTests
{
    [Fact]
    public void Crc_of_the_standard_text() =>
        Assert.Equal(0xb90956c775a41001ul, Crc64.Finish(Crc64.Append(Crc64.Start, "123456789"u8)));

    [Fact]
    public void Crc_does_not_depend_on_how_the_bytes_come()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(0, 3000)];
            random.NextBytes(bytes);
            var expected = Reference(bytes);
            Assert.Equal(expected, Crc64.Finish(Crc64.Append(Crc64.Start, bytes)));
            var cut = random.Next(0, bytes.Length + 1);
            Assert.Equal(expected, Crc64.Finish(Crc64.Append(Crc64.Append(Crc64.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut))));
        }
    }

    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("./a//b/", "a/b")]
    [InlineData("/a", "a")]
    [InlineData("/../a", "a")]
    [InlineData("a/../b", "b")]
    [InlineData("a/b/..", "a")]
    [InlineData(".", "")]
    [InlineData("", "")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("a/...", "a/...")]
    public void Names_become_paths(string name, string path) =>
        Assert.Equal(path, Encoding.UTF8.GetString(TarPath.Normalise(Encoding.UTF8.GetBytes(name))));

    [Fact]
    public void A_path_never_climbs()
    {
        var part = Gen.Elements("..", ".", "", "a", "b", "...", "..a");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Gen.ListOf(part).ToArbitrary(), parts =>
        {
            try
            {
                var path = Encoding.UTF8.GetString(TarPath.Normalise(Encoding.UTF8.GetBytes(string.Join('/', parts))));
                return path.Length == 0 || path.Split('/').All(p => p is not ("" or "." or ".."));
            }
            catch (ContainerEngineException error)
            {
                return error.ErrorId == "ArchiveEscape";
            }
        }));
    }

    [Theory]
    [InlineData("0000644\0", 0x1A4)]
    [InlineData("    644 ", 0x1A4)]
    [InlineData("\0\0\0\0\0\0\0\0", 0)]
    [InlineData("\u0080\0\0\0\0\0\u0001\0", 256)]
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fe", -2)]
    public void Numbers(string field, long value) => Assert.Equal(value, TarNumber.Parse(TarBuilder.Latin(field)));

    [Theory]
    [InlineData("manifest", "manifest")]
    [InlineData("sha256:ab", "=c2hhMjU2OmFi")]
    [InlineData("Upper", "=VXBwZXI=")]
    public void Names_of_data_files(string key, string name) => Assert.Equal(name, BigDataFile.NameOf(key));

    [Fact]
    public void Layer_ids()
    {
        var diff = new string('a', 64);
        Assert.Equal(diff, LayerId.Compute(null, "sha256:" + diff));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes($"{diff}+{diff}"))), LayerId.Compute(diff, "sha256:" + diff));
    }

    [Fact]
    public void A_containers_layer_has_an_id_of_its_own() => Assert.Equal("f0e1d2c3b4a5968778695a4b3c2d1e0f", LayerId.OfContainer("0f1e2d3c4b5a69788796a5b4c3d2e1f0"));

    private static ulong Reference(byte[] bytes)
    {
        var state = ulong.MaxValue;
        foreach (var value in bytes)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
                state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xD800_0000_0000_0000ul;
        }
        return ~state;
    }
}
