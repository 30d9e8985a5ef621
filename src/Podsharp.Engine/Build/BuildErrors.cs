using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>What goes wrong in a step, said with its place in the Containerfile.</summary>
internal static class BuildErrors
{
    private const int TailLines = 10;

    /// <summary>A RUN's command failed.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="error">What it ended with.</param>
    /// <param name="imageId">The image of what the stage had come to before; null for none.</param>
    /// <param name="platform">What the stage is built for.</param>
    internal static ContainerEngineException CommandFailed(Instruction instruction, BuildCommandException error, string? imageId, ImagePlatform platform)
    {
        // The kernel's words, handed on by every runtime and shell.
        if (platform.Architecture != PlatformChoice.Host.Architecture && error.Tail.Contains("exec format error", StringComparison.OrdinalIgnoreCase))
        {
            return new(ErrorKind.Runtime, "ForeignPlatform", $"{instruction.Place}: {instruction.Original}: programs for {platform} don't run on this host, which is {PlatformChoice.Host}", instruction.Place,
                "let the kernel run them with an emulator, on Debian or Ubuntu with: apt-get install qemu-user-static binfmt-support", error) { ExitCode = error.ExitCode };
        }
        var tail = error.Tail.TrimEnd().Split('\n').TakeLast(TailLines).ToList();
        var output = error.Tail.Trim().Length == 0 ? "" : $"; its last output: {string.Join(" | ", tail.Select(line => line.Trim('\r', ' ')))}";
        return new(ErrorKind.Runtime, "BuildCommandFailed", $"{instruction.Place}: {instruction.Original}: the command ended with exit code {error.ExitCode}{output}", instruction.Place,
            imageId is null ? null : $"look at its files as they were before: podsharp run --rm -it {imageId[..12]} sh", error) { ExitCode = error.ExitCode };
    }

    /// <summary>Another step failed.</summary>
    internal static ContainerEngineException StepFailed(Instruction instruction, ContainerEngineException error) =>
        error.Reason.StartsWith(instruction.Place, StringComparison.Ordinal) ? error
            : new(error.Kind, error.ErrorId, $"{instruction.Place}: {instruction.Original}: {error.Reason}", error.Target ?? instruction.Place, error.Remedy, error);
}
