using System.Globalization;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What this host must have before anything is frozen. What a program has told is kept until the program changes or the host boots: the next
/// check costs three system calls.</summary>
internal static class CriuGround
{
    /// <summary>The lowest major version of CRIU: older ones lose mounts of kernels of today.</summary>
    private const int LowestMajor = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Checks what doesn't depend on a container.</summary>
    /// <exception cref="ContainerEngineException">Unsupported or MissingComponent.</exception>
    internal static void Check(EngineParts parts)
    {
        if (parts.Host.IsRootless)
            throw EngineErrors.Unsupported("checkpointing a container requires root: CRIU can't rebuild an ordinary user's processes", null, "run it as root (sudo)");
        var criu = Find(parts);
        Answers(parts).Require("version", criu, () => CheckVersion(Ask(criu, "--version").Output, criu));
    }

    /// <summary>Checks the runtime of a container, and what the kernel needs for two rounds.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal static void Check(EngineParts parts, string runtime, bool twoRounds)
    {
        var answers = Answers(parts);
        answers.Require("checkpoint", runtime, () => CheckRuntime(Ask(runtime, "checkpoint", "--help"), runtime));
        if (!twoRounds)
            return;
        var criu = Find(parts);
        answers.Require("tracking", criu, () => CheckTracking(Ask(criu, "check", "--feature", "mem_dirty_track")));
    }

    /// <summary>What CRIU says this kernel lacks, which a failure may come from; empty where nothing.</summary>
    internal static IReadOnlyList<string> Lacks(EngineParts parts)
    {
        if (parts.Components.FindHelper("criu") is not { } criu)
            return [];
        var outcome = Ask(criu, "check");
        return outcome.ExitCode is 0 or null ? [] : CriuErrors.Lines(outcome.Error);
    }

    /// <summary>Checks what <c>criu --version</c> prints.</summary>
    internal static void CheckVersion(string text, string criu)
    {
        // Version: 4.2.1; one that tells nothing of the kind is left to the runtime, which asks, too.
        var word = text.Split('\n')[0].Split(':')[^1].Trim();
        if (int.TryParse(word.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major < LowestMajor)
        {
            throw EngineErrors.Unsupported($"{criu} is CRIU {word}, which is too old to checkpoint and restore containers", criu,
                $"install CRIU {LowestMajor}.0 or newer (packages of it: https://criu.org/Packages)");
        }
    }

    /// <summary>Checks the outcome of a runtime's <c>checkpoint --help</c>.</summary>
    internal static void CheckRuntime(ProgramOutcome outcome, string runtime)
    {
        if (outcome.ExitCode is 0 or null)
            return;
        throw EngineErrors.Unsupported($"{Path.GetFileName(runtime)} can't checkpoint containers: it has no such command", runtime,
            "make the container with a runtime that has it (--runtime runc, or a crun whose --version shows +CRIU)");
    }

    /// <summary>Checks the outcome of <c>criu check --feature mem_dirty_track</c>.</summary>
    internal static void CheckTracking(ProgramOutcome outcome)
    {
        if (outcome.ExitCode is not (0 or null))
        {
            throw EngineErrors.Unsupported("this host's kernel doesn't track changes of memory, which a checkpoint in two rounds needs", null,
                "leave --pre-checkpoint and --with-previous (-Pre, -WithPrevious) out, or boot a kernel with CONFIG_MEM_SOFT_DIRTY");
        }
    }

    private static string Find(EngineParts parts) =>
        parts.Components.FindHelper("criu") ?? throw EngineErrors.MissingComponent("criu", "to checkpoint and restore containers", "criu libcriu2");

    private static GroundAnswers Answers(EngineParts parts) => new(Path.Combine(parts.Paths.TmpDirectory, "criu-ground"), parts.Host.BootId);

    private static ProgramOutcome Ask(string program, params string[] arguments)
    {
        try
        {
            return Programs.Run(new SpawnRequest { Path = program, Arguments = [program, .. arguments], Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] }, Patience);
        }
        catch (Exception e) when (e is LinuxException or TimeoutException)
        {
            throw new ContainerEngineException(ErrorKind.Unsupported, "Unsupported", $"{program} doesn't work: {e.Message}", program, "install it again", e);
        }
    }
}
