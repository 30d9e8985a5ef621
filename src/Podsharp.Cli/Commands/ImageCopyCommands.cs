using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;
using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>Commands on images where they are, without pulling them.</summary>
internal static class ImageCopyCommands
{
    internal static async Task<int> CopyAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var result = await CopyView.CopyAsync(context, CopyRequestBuilder.Build(context.Line, context.Caller), context.Line.Flag("quiet"));
        if (context.Line.Text("digestfile") is { Length: > 0 } file)
            await File.WriteAllTextAsync(context.Caller.Resolve(file), result.Digest, context.Cancelled);
        return 0;
    }

    internal static async Task<int> SyncAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var request = CopyRequestBuilder.Sync(context.Line, context.Caller);
        var (failed, done, digests) = (0, 0, new List<string>());
        await foreach (var step in context.Engine.SynchroniseImagesAsync(request, context.Cancelled))
        {
            if (step is { Stage: ImageSyncStage.Copying, Step: not null })
                continue;
            context.Error.WriteLine(SyncLine(step));
            context.Error.Flush();
            failed += step.Stage == ImageSyncStage.Failed ? 1 : 0;
            done += step.Stage is ImageSyncStage.Copying ? 0 : 1;
            if (step.Result is { } result)
                digests.Add($"{result.Digest} {result.Destination}");
        }
        if (context.Line.Text("digestfile") is { Length: > 0 } file)
            await File.WriteAllLinesAsync(context.Caller.Resolve(file), digests, context.Cancelled);
        context.Error.WriteLine($"{(request.DryRun ? "Would have synced" : "Synced")} {done - failed} images");
        return failed == 0 ? 0 : throw new ContainerEngineException(ErrorKind.Internal, "SyncIncomplete", $"{failed} of {done} images could not be copied", null, "see what was said about each");
    }

    private static string SyncLine(ImageSyncProgress step) => $"{step.Number}/{step.Count} " + step.Stage switch
    {
        ImageSyncStage.Planned => $"would copy {step.Source} to {step.Destination}",
        ImageSyncStage.Copying => $"copying {step.Source} to {step.Destination}",
        ImageSyncStage.Skipped => $"skipped: {step.Destination} is the same already",
        ImageSyncStage.Copied => $"copied {step.Source}: {step.Result?.Digest}",
        _ => $"failed: {step.Message}",
    };

    /// <summary>Whether images that are to be inspected are elsewhere.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: options for those are given, but the images are local.</exception>
    internal static bool AreRemote(ParsedCommand line)
    {
        if (line.Flag("remote") || line.Arguments.All(ImagePlaces.HasTransport))
            return true;
        foreach (var option in (string[])["config", "raw", "no-tags", "platform"])
            if (line.Given(option))
                throw EngineErrors.InvalidArgument($"--{option} is for images that are looked at where they are", line.Arguments[0], "give --remote, too, or a place like docker://NAME");
        return false;
    }

    internal static async Task<int> InspectAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var (line, format) = (context.Line, context.Line.Text("format"));
        var isRaw = line.Flag("raw") && !line.Flag("config");
        foreach (var name in line.Arguments)
        {
            var image = await context.Engine.InspectRemoteImageAsync(new()
            {
                Source = ImagePlaces.Resolve(name, context.Caller.Resolve),
                Platform = ContainerSpecBuilder.Platform(line),
                ManifestOnly = isRaw,
                Tags = !isRaw && !line.Flag("config") && !line.Flag("no-tags"),
                Registry = ContainerSpecBuilder.Registry(line, context.Caller),
            }, context.Cancelled);
            if (isRaw || line.Flag("config"))
                // As it is, with no line end: its digest is to be the same.
                context.Out.Write(isRaw ? image.Manifest : image.Configuration);
            else if (format is null || Listing.IsJson(format))
                context.Out.WriteLine(WireJson.ToText(RemoteImageShape.Create(image), 4));
            else
                context.Out.WriteLine(GoTemplate.Parse("inspect", GoTemplate.Unescape(format)).Execute(RemoteImageShape.Create(image)));
        }
        return 0;
    }

    internal static async Task<int> ScpAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var result = await context.Engine.TransferImageAsync(new() { Source = line.Arguments[0], Destination = line.Arguments.Count > 1 ? line.Arguments[1] : null }, context.Cancelled);
        if (!line.Flag("quiet"))
            foreach (var name in result.Names)
                context.Out.WriteLine("Loaded image: " + name);
        return 0;
    }

    internal static Task<int> DeleteAsync(CommandContext context) => Targets.EachAsync(context, context.Line.Arguments, async name =>
    {
        var removed = await context.Engine.RemoveRemoteImageAsync(new()
        {
            Name = name,
            DryRun = context.Line.Flag("dry-run"),
            Registry = ContainerSpecBuilder.Registry(context.Line, context.Caller),
        }, context.Cancelled);
        context.Out.WriteLine($"{(context.Line.Flag("dry-run") ? "Would delete" : "Deleted")}: {removed.Name} ({removed.Digest})");
    });
}
