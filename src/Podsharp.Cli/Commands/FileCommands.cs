using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>diff: what is done with containers' files.</summary>
internal static class FileCommands
{
    internal static async Task<int> DiffAsync(CommandContext context)
    {
        var format = context.Line.Text("format");
        if (format is not null && !Listing.IsJson(format))
            throw EngineErrors.InvalidArgument($"invalid format \"{format}\" for diff", format, "use json, or none");
        var changes = new List<FileSystemChange>();
        await foreach (var change in await ChangesAsync(context))
            changes.Add(change);
        if (format is not null)
            context.Out.WriteLine(WireJson.ToText(Shape(changes), 5));
        else
            foreach (var change in changes)
                context.Out.WriteLine($"{change.Kind.ToString()[0]} {change.Path}");
        return 0;
    }

    // A bare diff looks among the images first, as podman's does.
    private static async Task<IAsyncEnumerable<FileSystemChange>> ChangesAsync(CommandContext context)
    {
        if (context.Line.Command.Id == CommandId.ImageDiff)
            return context.Engine.GetImageChangesAsync(context.Argument, context.Cancelled);
        var (name, _) = await Targets.OneAsync(context);
        return context.Line.Command.Id == CommandId.Diff && !context.Line.Flag("latest") && await IsImageAsync(context, name)
            ? context.Engine.GetImageChangesAsync(name, context.Cancelled)
            : context.Engine.GetContainerChangesAsync(name, context.Cancelled);
    }

    private static async Task<bool> IsImageAsync(CommandContext context, string name)
    {
        try
        {
            return await context.Engine.ImageExistsAsync(name, context.Cancelled);
        }
        catch (ContainerEngineException e) when (e.Kind is ErrorKind.InvalidArgument or ErrorKind.Ambiguous)
        {
            return false; // It may be a container's all the same.
        }
    }

    private static WireStruct Shape(List<FileSystemChange> changes)
    {
        var shape = new WireStruct("Diff");
        foreach (var kind in (FileSystemChangeKind[])[FileSystemChangeKind.Changed, FileSystemChangeKind.Added, FileSystemChangeKind.Deleted])
        {
            var paths = changes.Where(change => change.Kind == kind).Select(change => (object)change.Path).ToList();
            if (paths.Count > 0)
                shape.Add(kind.ToString().ToLowerInvariant(), WireList.From(paths));
        }
        return shape;
    }
}
