using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>The manifest commands: lists of images for several platforms.</summary>
internal static class ManifestCommands
{
    private const int Indent = 4;

    internal static async Task<int> CreateAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        return ShowId(context, await context.Engine.CreateManifestAsync(ManifestRequestBuilder.Create(context.Line, context.Caller), context.Cancelled));
    }

    internal static async Task<int> AddAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        return ShowId(context, await context.Engine.AddManifestImagesAsync(context.Argument, ManifestRequestBuilder.Add(context.Line, context.Caller), context.Cancelled));
    }

    internal static async Task<int> AnnotateAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        return ShowId(context, await context.Engine.AnnotateManifestAsync(context.Argument, ManifestRequestBuilder.Annotate(context.Line, context.Caller), context.Cancelled));
    }

    internal static async Task<int> RemoveImageAsync(CommandContext context) =>
        ShowId(context, await context.Engine.RemoveManifestImageAsync(context.Argument, context.Line.Arguments[1], context.Cancelled));

    internal static async Task<int> InspectAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var options = ContainerSpecBuilder.Registry(context.Line, context.Caller);
        if (context.Line.Flag("insecure"))
            options = options with { TlsVerify = false };
        var manifest = await context.Engine.InspectManifestAsync(context.Argument, options, context.Cancelled);
        context.Out.WriteLine(WireJson.ToText(ManifestShape.Create(manifest), Indent));
        return 0;
    }

    internal static async Task<int> PushAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        await PushListAsync(context);
        if (context.Line.Flag("rm"))
            await context.Engine.RemoveManifestAsync(context.Argument, context.Cancelled);
        return 0;
    }

    /// <summary>Pushes a list as a whole; also for <c>push</c>, where the list has no image for this host.</summary>
    internal static async Task PushListAsync(CommandContext context)
    {
        if (context.Line.Given("encryption-key") || context.Line.Given("encrypt-layer"))
            throw EngineErrors.Unsupported($"{context.Argument} is a list of images, which can't be encrypted as a whole", context.Argument, "copy it with image copy --all --encryption-key, from where its images are");
        var result = await CopyView.ShowAsync(context, context.Engine.PushManifestAsync(ManifestRequestBuilder.Push(context.Line, context.Caller), context.Cancelled), context.Argument, context.Line.Flag("quiet"));
        if (context.Line.Text("digestfile") is { Length: > 0 } file)
            await File.WriteAllTextAsync(context.Caller.Resolve(file), result.Digest, context.Cancelled);
    }

    internal static async Task<int> ExistsAsync(CommandContext context) => await context.Engine.ManifestExistsAsync(context.Argument, context.Cancelled) ? 0 : 1;

    internal static Task<int> RemoveAsync(CommandContext context) => Targets.EachAsync(context, context.Line.Arguments, async name =>
    {
        try
        {
            ImageCommands.ShowRemoval(context, await context.Engine.RemoveManifestAsync(name, context.Cancelled));
        }
        catch (ContainerEngineException error) when (error.ErrorId == "ImageNotFound" && context.Line.Flag("ignore"))
        {
            // That is what was asked for.
        }
    }, ExitCodes.OfRemoval);

    private static int ShowId(CommandContext context, ContainerManifest manifest)
    {
        context.Out.WriteLine(manifest.Id);
        return 0;
    }
}
