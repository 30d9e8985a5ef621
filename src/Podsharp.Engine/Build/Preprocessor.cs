using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Runs Containerfiles whose names end in <c>.in</c> through the host's C preprocessor, as podman does.</summary>
internal static class Preprocessor
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>The text as the preprocessor leaves it; any other file's as it is.</summary>
    /// <param name="parts">The engine.</param>
    /// <param name="name">The Containerfile's name.</param>
    /// <param name="text">What it says.</param>
    /// <param name="context">The directory that quoted includes are looked for in; null for none.</param>
    /// <param name="flags">Further options.</param>
    /// <param name="warn">Told of what the preprocessor dislikes and goes on after: a comment of a Containerfile is no directive that it knows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">MissingComponent; InvalidContainerfile.</exception>
    internal static string Run(EngineParts parts, string name, string text, string? context, IReadOnlyList<string> flags, Action<string> warn, CancellationToken cancellationToken)
    {
        if (!name.EndsWith(".in", StringComparison.Ordinal))
            return text;
        var program = parts.Components.FindHelper("cpp") ?? throw EngineErrors.MissingComponent("cpp", $"for {name}, which goes through the C preprocessor", "cpp");
        var outcome = Programs.Run(new()
        {
            Path = program,
            // Without line marks: a Containerfile would take some of them for comments, and others for nothing it knows.
            Arguments = ["cpp", "-E", "-P", "-traditional", "-undef", .. context is null ? Array.Empty<string>() : ["-iquote", context], .. flags, "-"],
            Environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"],
            WorkingDirectory = context ?? "/",
        }, s_patience, cancellationToken, text);
        if (outcome.ExitCode is null or 0)
            return outcome.Output;
        var problem = $"{name}: the preprocessor says: {outcome.Error.Trim().ReplaceLineEndings(" | ")}";
        if (outcome.Output.Length == 0 || outcome.Error.Contains("fatal error", StringComparison.Ordinal))
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "InvalidContainerfile", problem, name, "correct it");
        warn(problem);
        return outcome.Output;
    }
}
