using System.Text;

namespace Podsharp.Cli.Output;

/// <summary>Collects text and writes it to a stream as UTF-8.</summary>
internal sealed class TextOutput(Stream stream)
{
    private readonly StringBuilder pending = new();

    /// <summary>The stream, for bytes that must not be taken apart. Flush before using it.</summary>
    internal Stream Stream => stream;

    internal void Write(string text)
    {
        pending.Append(text);
        if (pending.Length > 16 * 1024)
            Flush();
    }

    internal void WriteLine(string text) => Write(text + "\n");

    internal void Write(ReadOnlyMemory<byte> bytes)
    {
        Flush();
        stream.Write(bytes.Span);
    }

    internal void Flush()
    {
        if (pending.Length == 0)
            return;
        var bytes = Encoding.UTF8.GetBytes(pending.ToString());
        pending.Clear();
        stream.Write(bytes);
        stream.Flush();
    }
}
