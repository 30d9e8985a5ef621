using System.Buffers.Binary;

namespace Podsharp.Engine.Artifacts;

/// <summary>Tells what a file holds by its first bytes, as podman does: the rules of the WHATWG's MIME sniffing that Go's http.DetectContentType has.</summary>
internal static class ContentType
{
    /// <summary>As many bytes are looked at.</summary>
    internal const int Length = 512;

    private const string Unknown = "application/octet-stream";
    private const string Text = "text/plain; charset=utf-8";

    private static readonly string[] HtmlTags =
        ["<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A", "<STYLE", "<TITLE", "<B", "<BODY", "<BR", "<P", "<!--"];

    // A question mark stands for any byte; of two that fit, the first counts.
    private static readonly (string Pattern, string Type)[] Signatures =
    [
        ("%PDF-", "application/pdf"),
        ("%!PS-Adobe-", "application/postscript"),
        ("\xFE\xFF??", "text/plain; charset=utf-16be"),
        ("\xFF\xFE??", "text/plain; charset=utf-16le"),
        ("\xEF\xBB\xBF?", Text),
        ("\0\0\x01\0", "image/x-icon"),
        ("\0\0\x02\0", "image/x-icon"),
        ("BM", "image/bmp"),
        ("GIF87a", "image/gif"),
        ("GIF89a", "image/gif"),
        ("RIFF????WEBPVP", "image/webp"),
        ("\x89PNG\r\n\x1A\n", "image/png"),
        ("\xFF\xD8\xFF", "image/jpeg"),
        ("FORM????AIFF", "audio/aiff"),
        ("ID3", "audio/mpeg"),
        ("OggS\0", "application/ogg"),
        ("MThd\0\0\0\x06", "audio/midi"),
        ("RIFF????AVI ", "video/avi"),
        ("RIFF????WAVE", "audio/wave"),
        ("\x1A\x45\xDF\xA3", "video/webm"),
        ("??????????????????????????????????LP", "application/vnd.ms-fontobject"),
        ("\0\x01\0\0", "font/ttf"),
        ("OTTO", "font/otf"),
        ("ttcf", "font/collection"),
        ("wOFF", "font/woff"),
        ("wOF2", "font/woff2"),
        ("\x1F\x8B\x08", "application/x-gzip"),
        ("PK\x03\x04", "application/zip"),
        ("Rar!\x1A\x07\0", "application/x-rar-compressed"),
        ("Rar!\x1A\x07\x01\0", "application/x-rar-compressed"),
        ("\0asm", "application/wasm"),
    ];

    /// <summary>The media type of a file.</summary>
    /// <param name="head">Its first bytes, no more than <see cref="Length"/>.</param>
    internal static string Of(ReadOnlySpan<byte> head)
    {
        var text = head[..Math.Min(head.Length, Length)];
        var trimmed = text.TrimStart("\t\n\f\r "u8);
        if (IsHtml(trimmed))
        {
            return "text/html; charset=utf-8";
        }
        if (trimmed.StartsWith("<?xml"u8))
        {
            return "text/xml; charset=utf-8";
        }
        foreach (var (pattern, type) in Signatures)
        {
            if (type == "video/webm" && IsMp4(text))
            {
                return "video/mp4";
            }
            if (Fits(text, pattern))
            {
                return type;
            }
        }
        return trimmed.ContainsAny(s_binary) ? Unknown : Text;
    }

    private static readonly System.Buffers.SearchValues<byte> s_binary =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Where(value => value is not (9 or 10 or 12 or 13 or 27)).Select(value => (byte)value)]);

    private static bool IsHtml(ReadOnlySpan<byte> text)
    {
        foreach (var tag in HtmlTags)
        {
            // Such a tag counts where a blank or its end follows.
            if (text.Length > tag.Length && text[tag.Length] is (byte)' ' or (byte)'>' && BeginsWith(text, tag))
            {
                return true;
            }
        }
        return false;
    }

    private static bool BeginsWith(ReadOnlySpan<byte> text, string tag)
    {
        for (var i = 0; i < tag.Length; i++)
        {
            if (char.ToUpperInvariant((char)text[i]) != tag[i])
            {
                return false;
            }
        }
        return true;
    }

    private static bool Fits(ReadOnlySpan<byte> text, string pattern)
    {
        if (text.Length < pattern.Length)
        {
            return false;
        }
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '?' && text[i] != pattern[i])
            {
                return false;
            }
        }
        return !pattern.StartsWith("??", StringComparison.Ordinal) || !text[..34].ContainsAnyExcept((byte)0);
    }

    private static bool IsMp4(ReadOnlySpan<byte> text)
    {
        if (text.Length < 12 || !text[4..].StartsWith("ftyp"u8))
        {
            return false;
        }
        var size = BinaryPrimitives.ReadUInt32BigEndian(text);
        for (var at = 8; size % 4 == 0 && size <= text.Length && at < size; at += 4)
        {
            if (at != 12 && text[at..].StartsWith("mp4"u8))
            {
                return true;
            }
        }
        return false;
    }
}
