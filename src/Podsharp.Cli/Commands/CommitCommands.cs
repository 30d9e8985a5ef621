using Podsharp.Cli.Interactive;
using Podsharp.Model;

namespace Podsharp.Cli.Commands;

/// <summary>commit: images made of containers.</summary>
internal static class CommitCommands
{
    internal static async Task<int> CommitAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = new ContainerCommitRequest
        {
            Reference = line.Arguments.Count > 1 ? line.Arguments[1] : null,
            Author = line.Text("author") ?? "",
            Message = line.Text("message") ?? "",
            Changes = line.List("change"),
            Configuration = line.Text("config") is { } file ? ReadConfiguration(context, file) : null,
            Format = Format(line.Text("format")!),
            IncludeVolumes = line.Flag("include-volumes"),
            Pause = line.Flag("pause"),
            Squash = line.Flag("squash"),
        };
        var image = await context.Engine.CommitContainerAsync(line.Arguments[0].TrimStart('/'), request, context.Cancelled);
        if (line.Text("iidfile") is { } idFile)
            WriteId(context, idFile, image.Id);
        context.Out.WriteLine(image.Id);
        return 0;
    }

    private static ImageFormat Format(string text) => text switch
    {
        "oci" => ImageFormat.Oci,
        "docker" => ImageFormat.Docker,
        _ => throw EngineErrors.InvalidArgument($"unrecognized image format \"{text}\"", text, "use oci or docker"),
    };

    private static string ReadConfiguration(CommandContext context, string file)
    {
        try
        {
            return File.ReadAllText(context.Caller.Resolve(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"--config: open {file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file or directory" : e.Message)}", file, "name a file with the JSON of an image configuration");
        }
    }

    /// <summary>Writes an image's id into the file that an option names.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void WriteId(CommandContext context, string file, string id)
    {
        try
        {
            File.WriteAllText(context.Caller.Resolve(file), id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"failed to write image ID: {e.Message}", file, $"the image is made: {id}");
        }
    }
}
