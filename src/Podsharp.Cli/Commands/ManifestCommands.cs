using Podsharp.Cli.Interactive;
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
