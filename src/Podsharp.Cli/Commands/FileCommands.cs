using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>diff, export, mount and unmount: what is done with containers' files.</summary>
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

    internal static async Task<int> ExportAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        if (context.Line.Text("output") is not { } output)
        {
            if (Engine.Native.Terminal.IsTerminal(1) && !context.Globals.Given("out"))
                throw EngineErrors.InvalidArgument("refusing to export to terminal. Use -o flag or redirect");
            context.Out.Flush();
            await context.Engine.ExportContainerAsync(context.Argument, context.Out.Stream, context.Cancelled);
            return 0;
        }
        var path = context.Caller.Resolve(output);
        var isNew = !File.Exists(path);
        try
        {
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await context.Engine.ExportContainerAsync(context.Argument, file, context.Cancelled);
        }
        catch when (isNew)
        {
            File.Delete(path);
            throw;
        }
        return 0;
    }

    internal static async Task<int> MountAsync(CommandContext context)
    {
        var line = context.Line;
        if (line.Arguments.Count == 0 && !line.Flag("all") && !line.Flag("latest"))
            return await ListMountsAsync(context);
        return await Targets.EachAsync(context, await Targets.NamesAsync(context), async name =>
            context.Out.WriteLine((await context.Engine.MountContainerAsync(name, context.Cancelled)).MountPoint));
    }

    internal static async Task<int> UnmountAsync(CommandContext context)
    {
        var names = context.Line.Flag("all") && context.Line.Arguments.Count == 0 ? await UnusedMountsAsync(context) : await Targets.NamesAsync(context);
        return await Targets.EachAsync(context, names, async name =>
        {
            await context.Engine.UnmountContainerAsync(name, context.Line.Flag("force"), context.Cancelled);
            context.Out.WriteLine(name);
        });
    }

    private static async Task<int> ListMountsAsync(CommandContext context)
    {
        var format = context.Line.Text("format");
        if (format is not null && !Listing.IsJson(format))
            throw EngineErrors.InvalidArgument($"unknown --format argument: \"{format}\"", format, "use json, or none");
        var mounts = new List<ContainerRootMount>();
        await foreach (var mount in context.Engine.ListContainerMountsAsync(context.Cancelled))
            mounts.Add(mount);
        if (format is not null)
            context.Out.WriteLine(WireJson.ToText(WireList.From(mounts.Select(Shape)), 1));
        else if (mounts.Count > 0)
            context.Out.Write(Table.Format(string.Concat(mounts.Select(mount => $"{(context.Line.Flag("no-trunc") ? mount.Id : mount.Id[..12])}\t{mount.MountPoint}\n"))));
        return 0;
    }

    // Those that run are mounted for themselves.
    private static async Task<IReadOnlyList<string>> UnusedMountsAsync(CommandContext context)
    {
        var running = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var container in context.Engine.ListContainersAsync(new(), context.Cancelled))
            running.Add(container.Id);
        var names = new List<string>();
        await foreach (var mount in context.Engine.ListContainerMountsAsync(context.Cancelled))
            if (!running.Contains(mount.Id))
                names.Add(mount.Id);
        return names;
    }

    private static WireStruct Shape(ContainerRootMount mount) => new WireStruct("Mount")
        .Add("id", mount.Id)
        .Add("Names", WireList.From([mount.Name]))
        .Add("mountpoint", mount.MountPoint);

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
            if (!await context.Engine.ImageExistsAsync(name, context.Cancelled))
                return false;
            // A container's name is no accidental beginning of an image's id.
            var image = (await context.Engine.InspectImageAsync(name, context.Cancelled)).Image;
            return !image.Id.StartsWith(name, StringComparison.Ordinal) || !await context.Engine.ContainerExistsAsync(name, context.Cancelled);
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
