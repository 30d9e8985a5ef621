using Podsharp.Model;

namespace Podsharp.Terminal;

/// <summary>The terminal that the session runs in, in raw mode while a container has it, and as it was afterwards.</summary>
internal sealed class UserTerminal : IDisposable
{
    // struct termios has 60 bytes with glibc and musl; room for larger ones.
    private const int TermiosSize = 256;

    private readonly byte[] before = new byte[TermiosSize];
    private readonly bool changed;

    /// <summary>Takes the terminal over; does nothing where standard input is none.</summary>
    public UserTerminal()
    {
        if (NativeTerminal.IsTerminal(0) == 0 || NativeTerminal.GetAttributes(0, before) != 0)
            return;
        var raw = before.ToArray();
        NativeTerminal.MakeRaw(raw);
        changed = NativeTerminal.SetAttributes(0, NativeTerminal.TcsaDrain, raw) == 0;
    }

    /// <summary>The size in cells; null where standard output is no terminal.</summary>
    public static TerminalSize? Size =>
        NativeTerminal.GetWindowSize(1, NativeTerminal.TiocGetWindowSize, out var size) == 0 && size.Rows > 0
            ? new TerminalSize(size.Rows, size.Columns) : null;

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (changed)
            _ = NativeTerminal.SetAttributes(0, NativeTerminal.TcsaDrain, before);
    }
}
