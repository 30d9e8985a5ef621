using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>container clone.</summary>
internal static class CloneCommands
{
    internal static async Task<int> CloneAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        if (line.Flag("force") && !line.Flag("destroy"))
            throw EngineErrors.InvalidArgument("cannot set --force without --destroy", null, "add --destroy");
        var image = line.Arguments.Count > 2 ? line.Arguments[2] : null;
        if (image is not null)
            await PullView.EnsureAsync(context, new() { Image = image }, quiet: false);
        var result = await context.Engine.CloneContainerAsync(line.Arguments[0], new()
        {
            Name = line.Arguments.Count > 1 ? line.Arguments[1] : line.Text("name"),
            Image = image,
            Pod = line.Text("pod") is { Length: > 0 } pod ? pod : null,
            Resources = ContainerUpdateBuilder.Resources(line),
            Destroy = line.Flag("destroy"),
            Force = line.Flag("force"),
            CreateCommand = context.Words,
        }, context.Cancelled);
        foreach (var warning in result.Warnings)
            context.Warn(warning);
        if (line.Flag("run"))
            await context.Engine.StartContainerAsync(result.Container.Id, context.Cancelled);
        context.Out.WriteLine(result.Container.Id);
        return 0;
    }
}
