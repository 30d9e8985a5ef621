namespace Podsharp.Engine.Build;

/// <summary>A RUN's command has ended with a code other than 0. The step makes an error of it that names the instruction.</summary>
/// <param name="exitCode">The code.</param>
/// <param name="tail">The last that it wrote.</param>
internal sealed class BuildCommandException(int exitCode, string tail) : Exception
{
    /// <summary>The code.</summary>
    internal int ExitCode => exitCode;

    /// <summary>The last that it wrote.</summary>
    internal string Tail => tail;
}
