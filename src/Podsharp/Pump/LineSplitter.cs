using System.Text;

namespace Podsharp.Pump;

/// <summary>Makes lines of the bytes a container writes: UTF-8, cut anywhere, lines ended by LF or CR LF.</summary>
internal sealed class LineSplitter
{
    private readonly Decoder decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private readonly StringBuilder rest = new();
    private char[] characters = new char[1024];

    /// <summary>Takes bytes and adds the lines that they complete.</summary>
    public void Add(ReadOnlySpan<byte> data, List<string> lines)
    {
        var needed = decoder.GetCharCount(data, flush: false);
        if (needed > characters.Length)
            characters = new char[needed * 2];
        var text = characters.AsSpan(0, decoder.GetChars(data, characters, flush: false));
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            rest.Append(text[..end]);
            lines.Add(Take());
            text = text[(end + 1)..];
        }
        rest.Append(text);
    }

    /// <summary>The last line if it has no end; null if there is none.</summary>
    public string? Complete()
    {
        var count = decoder.GetChars([], characters, flush: true);
        rest.Append(characters, 0, count);
        return rest.Length > 0 ? Take() : null;
    }

    private string Take()
    {
        if (rest.Length > 0 && rest[^1] == '\r')
            rest.Length--;
        var line = rest.ToString();
        rest.Clear();
        return line;
    }
}
