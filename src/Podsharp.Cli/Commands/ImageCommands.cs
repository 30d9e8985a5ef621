using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;

namespace Podsharp.Cli.Commands;

/// <summary>pull, push, import, rmi, tag and untag.</summary>
internal static class ImageCommands
{
    internal static async Task<int> PullAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        return await Targets.EachAsync(context, line.Arguments, async name =>
        {
            if (ImageTransport.TryParse(name, out var transport))
            {
                await ArchiveCommands.PullAsync(context, transport);
                return;
            }
            await PullView.PullAsync(context, new()
            {
                Reference = name,
                AllTags = line.Flag("all-tags"),
                Policy = ContainerSpecBuilder.Policy(line.Text("policy")!),
                Platform = ContainerSpecBuilder.Platform(line),
                Registry = ContainerSpecBuilder.Registry(line, context.Caller),
            }, line.Flag("quiet"), image => context.Out.WriteLine(image.Id));
        });
    }

    internal static async Task<int> PushAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        try
        {
            await PushImageAsync(context);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "PlatformNotFound")
        {
            // A list with no image for this host can only be meant as a whole, as with podman.
            await ManifestCommands.PushListAsync(context);
        }
        return 0;
    }

    private static async Task PushImageAsync(CommandContext context)
    {
        var line = context.Line;
        if (line.Arguments.Count > 1 && PushDestination.Parse(line.Arguments[1]) is { } place)
        {
            await ArchiveCommands.PushAsync(context, place);
            return;
        }
        var request = PushRequestBuilder.Build(line, context.Caller);
        var bill = line.Text("sbom") is { Length: > 0 } text ? context.Caller.Resolve(text) : null;
        if (bill is not null)
            SbomAttachment.Check(bill);
        request = request with { Signing = await TrustCommands.WithPassphraseAsync(context, request.Signing) };
        var result = await PushView.PushAsync(context, request, line.Flag("quiet"));
        if (bill is not null)
            await context.Engine.AttachArtifactAsync(SbomAttachment.Of(bill, result, request.Registry), context.Cancelled);
        if (line.Text("digestfile") is { Length: > 0 } file)
            await File.WriteAllTextAsync(context.Caller.Resolve(file), result.Digest, context.Cancelled);
    }

    internal static async Task<int> ImportAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = new ImageImportRequest
        {
            Reference = line.Arguments.Count > 1 ? line.Arguments[1] : null,
            Changes = line.List("change"),
            Message = line.Text("message") ?? "",
            SignaturePolicy = line.Text("signature-policy") is { Length: > 0 } policy ? context.Caller.Resolve(policy) : null,
            Platform = ContainerSpecBuilder.Platform(line),
        };
        await using var archive = ArchiveCommands.OpenForReading(context, line.Arguments[0]);
        var image = await context.Engine.ImportImageAsync(archive, request, context.Cancelled);
        context.Out.WriteLine("sha256:" + image.Id);
        return 0;
    }

    internal static async Task<int> RemoveAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var names = new List<string>(line.Arguments);
        if (line.Flag("all"))
        {
            if (names.Count > 0)
                throw EngineErrors.InvalidArgument("--all and names exclude each other", names[0], "give one of them");
            // By name as long as there are names: an image with several is only gone with its last.
            await foreach (var image in context.Engine.ListImagesAsync(new() { All = true }, context.Cancelled))
                names.AddRange(image.Names.Count > 0 ? image.Names : [image.Id]);
        }
        else if (names.Count == 0)
            throw EngineErrors.InvalidArgument("image name or ID must be specified");
        return await Targets.EachAsync(context, names, async name =>
        {
            if (line.Flag("ignore") && !await context.Engine.ImageExistsAsync(name, context.Cancelled))
                return;
            var result = await context.Engine.RemoveImageAsync(name, line.Flag("force"), line.Flag("no-prune"), context.Cancelled);
            ShowRemoval(context, result);
        }, ExitCodes.OfRemoval);
    }

    /// <summary>Shows what became of a removal.</summary>
    internal static void ShowRemoval(CommandContext context, ImageRemoveResult result)
    {
        foreach (var untagged in result.Untagged)
            context.Out.WriteLine("Untagged: " + untagged);
        if (result.Deleted)
            context.Out.WriteLine("Deleted: " + result.Id);
        foreach (var parent in result.Parents)
            context.Out.WriteLine("Deleted: " + parent);
    }

    internal static async Task<int> TagAsync(CommandContext context)
    {
        foreach (var name in context.Line.Arguments.Skip(1))
            await context.Engine.TagImageAsync(context.Argument, name, context.Cancelled);
        return 0;
    }

    internal static async Task<int> UntagAsync(CommandContext context)
    {
        await context.Engine.UntagImageAsync(context.Argument, [.. context.Line.Arguments.Skip(1)], context.Cancelled);
        return 0;
    }
}
