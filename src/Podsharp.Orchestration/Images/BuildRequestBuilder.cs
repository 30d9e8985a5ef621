using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Turns the words of <c>build</c> into what is to be built.</summary>
public static class BuildRequestBuilder
{
    /// <summary>The request.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="caller">Whose directory and variables its words mean.</param>
    /// <param name="readInput">Reads standard input as text, for <c>-f -</c>.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound for a file.</exception>
    public static ImageBuildRequest Build(ParsedCommand line, CallerContext caller, Func<string> readInput)
    {
        var context = line.Arguments.Count > 0 ? line.Arguments[0] : ".";
        var isSent = context == "-";
        var isAddress = context.Contains("://", StringComparison.Ordinal) || context.StartsWith("git@", StringComparison.Ordinal);
        return new ImageBuildRequest
        {
            Context = isSent ? null : isAddress ? context : caller.Resolve(context),
            Files = [.. line.List("file").Select(file => File(file, isSent || isAddress ? null : caller.Resolve(context), caller, readInput))],
            Names = line.List("tag"),
            Target = line.Text("target"),
            Arguments = Arguments(line.List("build-arg"), caller),
            Format = line.Text("format") switch
            {
                "oci" => ImageFormat.Oci,
                "docker" => ImageFormat.Docker,
                var other => throw EngineErrors.InvalidArgument($"unrecognized image type \"{other}\"", other, "use oci or docker"),
            },
            UseCache = !line.Flag("no-cache"),
            Jobs = (int)(line.Number("jobs") ?? 1),
            PullPolicy = ContainerSpecBuilder.Policy(line.Text("pull")!),
        };
    }

    private static BuildFile File(string name, string? context, CallerContext caller, Func<string> readInput)
    {
        if (name == "-")
            return new("-", readInput());
        if (context is null)
            return new(name, null);
        var path = caller.Resolve(name);
        if (!System.IO.File.Exists(path) && System.IO.File.Exists(Path.Combine(context, name)))
            return new(name, null);
        try
        {
            return new(name, System.IO.File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "ContainerfileNotFound", $"the specified Containerfile or Dockerfile does not exist, {path}: no such file or directory", name, "correct the path", error);
        }
    }

    private static Dictionary<string, string> Arguments(IReadOnlyList<string> words, CallerContext caller)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (word.IndexOf('=') is >= 0 and var equals)
                arguments[word[..equals]] = word[(equals + 1)..];
            else if (caller.Environment.TryGetValue(word, out var value))
                arguments[word] = value;
        }
        return arguments;
    }
}
