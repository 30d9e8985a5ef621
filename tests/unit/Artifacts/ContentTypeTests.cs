using System.Text;
using Podsharp.Engine.Artifacts;

namespace Podsharp.UnitTests.Artifacts;

/// <summary>Media types by a file's first bytes, as Go's http.DetectContentType has them (its own test cases).</summary>
public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("", "text/plain; charset=utf-8")]
    [InlineData("\x01\x02\x03", "application/octet-stream")]
    [InlineData("<HtMl><bOdY>blah blah blah</body></html>", "text/html; charset=utf-8")]
    [InlineData("   <!DOCTYPE HTML>...", "text/html; charset=utf-8")]
    [InlineData("\n<?xml!", "text/xml; charset=utf-8")]
    [InlineData("<htmlx>", "text/plain; charset=utf-8")]
    [InlineData("<html", "text/plain; charset=utf-8")]
    [InlineData("This is not HTML.", "text/plain; charset=utf-8")]
    [InlineData("\xFE\xFF\0t\0e", "text/plain; charset=utf-16be")]
    [InlineData("\xFF\xFEt\0e\0", "text/plain; charset=utf-16le")]
    [InlineData("\xEF\xBB\xBF\x69", "text/plain; charset=utf-8")]
    [InlineData("\0\0\x01\0", "image/x-icon")]
    [InlineData("GIF89a...", "image/gif")]
    [InlineData("\xFF\xD8\xFF", "image/jpeg")]
    [InlineData("RIFF....WEBPVP8 ", "image/webp")]
    [InlineData("RIFFb\xB8\0\0WAVEfmt ", "audio/wave")]
    [InlineData("\0\0\0\x18" + "ftypmp42\0\0\0\0mp42isom<\x06t\xBFmdat", "video/mp4")]
    [InlineData("\0\0\0\x08" + "ftyp....", "application/octet-stream")]
    [InlineData("\x1A\x45\xDF\xA3", "video/webm")]
    [InlineData("\x1F\x8B\x08", "application/x-gzip")]
    [InlineData("PK\x03\x04", "application/zip")]
    [InlineData("\0asm\x01\0\0\0", "application/wasm")]
    [InlineData("\0\x01\0\0\0", "font/ttf")]
    [InlineData("{\"a\": 1}", "text/plain; charset=utf-8")]
    public void Is_known_by_the_first_bytes(string bytes, string expected) => Assert.Equal(expected, ContentType.Of(Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void A_font_of_windows_begins_with_zeros()
    {
        var head = new byte[36];
        "LP"u8.CopyTo(head.AsSpan(34));
        Assert.Equal("application/vnd.ms-fontobject", ContentType.Of(head));
        head[3] = (byte)'x';
        Assert.Equal("application/octet-stream", ContentType.Of(head));
    }
}
