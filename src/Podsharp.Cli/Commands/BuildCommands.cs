using System.Text;
using System.Text.Json;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Engine;
using Podsharp.Model;
using Podsharp.Orchestration.Images;

namespace Podsharp.Cli.Commands;

/// <summary>build.</summary>
internal static class BuildCommands
{
    internal static async Task<int> BuildAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var request = BuildRequestBuilder.Build(context.Line, context.Caller, () => ReadText(context.In));
        var isSent = request.Context is null;
        var outputs = context.Line.List("output").Select(BuiltFiles.Parse).ToList();
        using var times = StepTimes.Open(context);
        using var log = context.Line.Text("logfile") is { Length: > 0 } file ? OpenLog(context, file) : null;
        // Where the files go to standard output, nothing else may.
        var results = outputs.Exists(output => output.Path is null) ? context.Error : context.Out;
        using var views = new BuildViews(context, request, log, results);
        if (outputs.Exists(output => output.IsArchive) && (request.Platforms.Count > 1 || request.AllPlatforms))
            throw EngineErrors.InvalidArgument("one archive can't hold the files of several platforms", null, "write them to a directory, or build the platforms one by one");
        try
        {
            await foreach (var progress in context.Engine.BuildImageAsync(request, isSent || request.Input ? context.In : null, context.Cancelled))
            {
                views.Show(progress);
                times?.Show(progress);
                // Of several images the last one counts, and the list, if there is one.
                if (progress.List is { } list)
                    WriteId(context, list.Id);
                if (progress.Image is not { } image)
                    continue;
                WriteId(context, image.Id);
                WriteMetadata(context, image, progress.Manifest!);
                if (progress.Sbom is { } sbom)
                    SbomOptions.From(context.Line, context.Caller)!.Write(sbom);
                foreach (var output in outputs)
                    await (output with { Path = output.Path is { } path ? context.Caller.Resolve(path) : null }).WriteAsync(context.Engine, EngineFactory.CreateHostFiles(), image.Id, context.Out.Stream, context.Cancelled);
            }
            return 0;
        }
        catch (ContainerEngineException error) when (error.ExitCode is { } code)
        {
            context.Fail(error.Message);
            return code;
        }
    }

    private static void WriteId(CommandContext context, string id)
    {
        if (context.Line.Text("iidfile") is { Length: > 0 } file)
            CommitCommands.WriteId(context, file, "sha256:" + id);
        if (context.Line.Text("iidfile-raw") is { Length: > 0 } raw)
            CommitCommands.WriteId(context, raw, id);
    }

    // docker buildx's names; podman 6 has the same three.
    private static void WriteMetadata(CommandContext context, ContainerImage image, ContentDescriptor manifest)
    {
        if (context.Line.Text("metadata-file") is not { Length: > 0 } file)
            return;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("containerimage.config.digest", "sha256:" + image.Id);
            json.WriteStartObject("containerimage.descriptor");
            json.WriteString("mediaType", manifest.MediaType);
            json.WriteString("digest", manifest.Digest);
            json.WriteNumber("size", manifest.Size);
            json.WriteEndObject();
            json.WriteString("containerimage.digest", manifest.Digest);
            json.WriteEndObject();
        }
        CommitCommands.WriteId(context, file, Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n");
    }

    internal static FileStream OpenLog(CommandContext context, string file)
    {
        try
        {
            return new(context.Caller.Resolve(file), FileMode.Append, FileAccess.Write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"opening logfile: {error.Message}", file, "name a file that can be written");
        }
    }

    private static string ReadText(Stream input)
    {
        using var reader = new StreamReader(input, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
