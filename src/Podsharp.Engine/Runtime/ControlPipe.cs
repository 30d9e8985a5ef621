using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>conmon's control pipe: the file <c>ctl</c> in the bundle takes lines of a type and two numbers.</summary>
internal static class ControlPipe
{
    /// <summary>Tells a terminal's size; false where conmon has ended.</summary>
    internal static bool Resize(string bundleDirectory, TerminalSize size) =>
        Send(bundleDirectory, string.Create(CultureInfo.InvariantCulture, $"1 {Math.Clamp(size.Rows, 0, 1000)} {Math.Clamp(size.Columns, 0, 1000)}\n"));

    /// <summary>Has the log opened anew, after it was moved away.</summary>
    internal static bool ReopenLog(string bundleDirectory) => Send(bundleDirectory, "2 0 0\n");

    private static bool Send(string bundleDirectory, string line)
    {
        using var pipe = Descriptors.OpenPipeWriter(Path.Combine(bundleDirectory, "ctl"));
        return pipe is not null && Descriptors.Write(pipe, Encoding.ASCII.GetBytes(line));
    }
}
