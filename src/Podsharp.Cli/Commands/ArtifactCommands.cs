using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Artifacts;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>artifact add, ls, inspect, extract, pull, push, rm, attach and referrers.</summary>
internal static class ArtifactCommands
{
    private const string ArtifactTable = "table {{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.Created}}\t{{.Size}}";
    private const string ReferrerTable = "table {{.Digest}}\t{{.Type}}\t{{.Size}}";
    private const int Indent = 5;

    private static readonly Dictionary<string, string> Headings = new(StringComparer.Ordinal);

    internal static async Task<int> AddAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var artifact = await context.Engine.AddArtifactAsync(new()
        {
            Name = context.Argument,
            Files = Files(context),
            Type = line.Text("type"),
            FileType = line.Text("file-type"),
            Annotations = Annotations(context),
            Append = line.Flag("append"),
            Replace = line.Flag("replace"),
        }, context.Cancelled);
        context.Out.WriteLine(artifact.Id);
        return 0;
    }

    internal static async Task<int> ListAsync(CommandContext context)
    {
        var line = context.Line;
        var (rows, now) = (new List<WireStruct>(), DateTimeOffset.UtcNow);
        await foreach (var artifact in context.Engine.ListArtifactsAsync(context.Cancelled))
            rows.Add(ArtifactShape.List(artifact, now, line.Flag("no-trunc")));
        Print(context, "artifact", ArtifactTable, rows);
        return 0;
    }

    internal static async Task<int> InspectAsync(CommandContext context)
    {
        var shape = ArtifactShape.Create(await context.Engine.InspectArtifactAsync(context.Argument, context.Cancelled));
        if (context.Line.Text("format") is { } format && !Listing.IsJson(format))
            context.Out.WriteLine(GoTemplate.Parse("inspect", GoTemplate.Unescape(format)).Execute(shape));
        else
        {
            context.Out.Write(WireJson.ToUtf8(shape, Indent));
            context.Out.WriteLine("");
        }
        return 0;
    }

    internal static async Task<int> ExtractAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        await ArtifactExtraction.ExtractAsync(context.Engine, context.Argument, context.Caller.Resolve(context.Line.Arguments[1]), context.Line.Text("title"), context.Line.Text("digest"),
            context.Cancelled);
        return 0;
    }

    internal static async Task<int> PullAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var request = new ArtifactPullRequest { Name = context.Argument, Registry = ContainerSpecBuilder.Registry(context.Line, context.Caller) };
        await CopyView.ShowAsync(context, context.Engine.PullArtifactAsync(request, context.Cancelled), request.Name, context.Line.Flag("quiet"));
        return 0;
    }

    internal static async Task<int> PushAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = new ArtifactPushRequest
        {
            Artifact = context.Argument,
            Destination = line.Arguments.Count > 1 ? line.Arguments[1] : null,
            Registry = ContainerSpecBuilder.Registry(line, context.Caller),
        };
        var result = await CopyView.ShowAsync(context, context.Engine.PushArtifactAsync(request, context.Cancelled), request.Artifact, line.Flag("quiet"));
        if (line.Text("digestfile") is { Length: > 0 } file)
            await File.WriteAllTextAsync(context.Caller.Resolve(file), result.Digest, context.Cancelled);
        return 0;
    }

    internal static async Task<int> RemoveAsync(CommandContext context)
    {
        var line = context.Line;
        var names = new List<string>(line.Arguments);
        if (line.Flag("all") && names.Count > 0)
            throw EngineErrors.InvalidArgument("when using the --all switch, you may not pass any artifact names or digests");
        if (!line.Flag("all") && names.Count == 0)
            throw EngineErrors.InvalidArgument("at least one artifact name or digest must be specified");
        if (line.Flag("all"))
            await foreach (var artifact in context.Engine.ListArtifactsAsync(context.Cancelled))
                names.Add(artifact.Name.Length > 0 ? artifact.Name : artifact.Digest);
        ContainerEngineException? failure = null;
        foreach (var name in names)
        {
            try
            {
                var digest = await context.Engine.RemoveArtifactAsync(name, context.Cancelled);
                context.Out.WriteLine(digest[(digest.IndexOf(':') + 1)..]);
            }
            catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound && line.Flag("ignore"))
            {
                // That is what was asked for.
            }
            catch (ContainerEngineException error)
            {
                // The others go all the same; the last line tells the last failure.
                if (failure is not null)
                    context.Fail(failure.Message);
                failure = error;
            }
        }
        return failure is null ? 0 : throw failure;
    }

    internal static async Task<int> AttachAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var referrer = await context.Engine.AttachArtifactAsync(new()
        {
            Subject = context.Argument,
            Files = Files(context),
            Type = line.Text("type")!,
            FileType = line.Text("file-type"),
            Annotations = Annotations(context),
            Registry = ContainerSpecBuilder.Registry(line, context.Caller),
        }, context.Cancelled);
        context.Out.WriteLine(referrer.Digest);
        return 0;
    }

    internal static async Task<int> ReferrersAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var query = new ArtifactReferrerQuery
        {
            Subject = context.Argument,
            Type = context.Line.Text("type"),
            Registry = ContainerSpecBuilder.Registry(context.Line, context.Caller),
        };
        var rows = new List<WireStruct>();
        await foreach (var referrer in context.Engine.ListArtifactReferrersAsync(query, context.Cancelled))
            rows.Add(ArtifactShape.Referrer(referrer));
        Print(context, "referrers", ReferrerTable, rows);
        return 0;
    }

    private static void Print(CommandContext context, string name, string table, IReadOnlyList<WireStruct> rows)
    {
        var format = context.Line.Text("format");
        if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(rows), 4));
        else
            context.Out.Write(new Listing(name, Headings).Render(format is null or "table" ? table : format, rows, !context.Line.Flag("noheading")));
    }

    private static IReadOnlyList<ArtifactFile> Files(CommandContext context) =>
        [.. context.Line.Arguments.Skip(1).Select(path => new ArtifactFile(context.Caller.Resolve(path), Path.GetFileName(path.TrimEnd('/'))))];

    private static IReadOnlyDictionary<string, string> Annotations(CommandContext context)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in context.Line.List("annotation"))
        {
            var sign = text.IndexOf('=');
            annotations[sign > 0 ? text[..sign] : throw EngineErrors.InvalidArgument($"no value given for annotation \"{text}\"", text, "write it as NAME=value")] = text[(sign + 1)..];
        }
        return annotations;
    }
}
