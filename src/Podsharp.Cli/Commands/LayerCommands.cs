using System.Text;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>history, image tree, image mount, image unmount and image prune.</summary>
internal static class LayerCommands
{
    private const string HistoryTable = "table {{.ID}}\t{{.Created}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    internal static async Task<int> HistoryAsync(CommandContext context)
    {
        var line = context.Line;
        var (format, whole, human) = (line.Text("format"), line.Flag("no-trunc"), line.Flag("human"));
        var entries = new List<ImageHistoryEntry>();
        await foreach (var entry in context.Engine.GetImageHistoryAsync(context.Argument, context.Cancelled))
            entries.Add(entry);
        var now = DateTimeOffset.UtcNow;
        if (Listing.IsJson(format) && format != "{{json .}}")
            context.Out.WriteLine(WireJson.ToText(WireList.From(entries.Select(entry => ImageHistoryShape.Create(entry, now, listed: true))), 0));
        else if (line.Flag("quiet") && format is null)
            entries.ForEach(entry => context.Out.WriteLine(entry.Id.Length == 0 ? "<missing>" : whole ? entry.Id : entry.ShortId));
        else
            context.Out.Write(new Listing("history", ImageHistoryShape.Headings).Render(format is null or "table" ? HistoryTable : format,
                entries.Select(entry => ImageHistoryShape.Create(entry, now, human, whole))));
        return 0;
    }

    internal static async Task<int> TreeAsync(CommandContext context)
    {
        var image = (await context.Engine.InspectImageAsync(context.Argument, context.Cancelled)).Image;
        var layers = new List<ImageLayer>();
        await foreach (var layer in context.Engine.GetImageLayersAsync(context.Argument, context.Line.Flag("whatrequires"), context.Cancelled))
            layers.Add(layer);
        context.Out.WriteLine($"Image ID: {image.ShortId}\nTags:     [{string.Join(' ', image.Names)}]\nSize:     {Human.Size(image.Size)}");
        if (layers.Count == 0)
        {
            context.Out.WriteLine("No Image Layers");
            return 0;
        }
        var tree = new StringBuilder("Image Layers\n");
        // Layers that stand on the same one stand beside each other, as podman draws them.
        for (var i = 0; i < layers.Count; i++)
            tree.Append(i < layers.Count - 1 ? "├── " : "└── ").Append(Describe(layers[i])).Append('\n');
        context.Out.WriteLine(tree.ToString());
        return 0;
    }

    internal static async Task<int> MountAsync(CommandContext context)
    {
        var line = context.Line;
        if (line.Flag("all") && line.Arguments.Count > 0)
            throw EngineErrors.InvalidArgument("when using the --all switch, you may not pass any image names or IDs");
        if (line.Text("format") is { } format && !Listing.IsJson(format))
            throw EngineErrors.InvalidArgument($"unknown --format argument: \"{format}\"", format, "use json, or none");
        var mounts = new List<ContainerImageMount>();
        if (line.Arguments.Count > 0 || line.Flag("all"))
            foreach (var name in await NamesAsync(context))
                mounts.Add(await context.Engine.MountImageAsync(name, context.Cancelled));
        else
            await foreach (var mount in context.Engine.ListImageMountsAsync(context.Cancelled))
                mounts.Add(mount);
        if (line.Text("format") is not null)
            context.Out.WriteLine(WireJson.ToText(WireList.From(mounts.Select(Shape)), 1));
        else if (line.Arguments.Count == 1)
            context.Out.WriteLine(mounts[0].MountPoint);
        else if (mounts.Count > 0)
            context.Out.Write(Table.Format(string.Concat(mounts.Select(mount => $"{mount.Name}\t{mount.MountPoint}\n"))));
        return 0;
    }

    internal static async Task<int> UnmountAsync(CommandContext context)
    {
        var line = context.Line;
        var names = new List<string>(line.Arguments);
        if (line.Flag("all"))
        {
            if (names.Count > 0)
                throw EngineErrors.InvalidArgument("when using the --all switch, you may not pass any image names or IDs");
            await foreach (var mount in context.Engine.ListImageMountsAsync(context.Cancelled))
                names.Add(mount.Id);
        }
        else if (names.Count == 0)
            throw EngineErrors.InvalidArgument("image name or ID must be specified");
        return await Targets.EachAsync(context, names, async name =>
        {
            if (await context.Engine.UnmountImageAsync(name, line.Flag("force"), context.Cancelled) is { } mount)
                context.Out.WriteLine(mount.Id);
        });
    }

    internal static async Task<int> PruneAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var (all, dryRun) = (line.Flag("all"), line.Flag("dry-run"));
        if (!line.Flag("force") && !dryRun && !Confirmation.Asked(context, all
            ? "WARNING! This command removes all images without at least one container associated with them." : "WARNING! This command removes all dangling images."))
            return 0;
        var options = new PruneOptions { Kinds = line.Flag("build-cache") ? [StorageKind.Image, StorageKind.BuildCache] : [StorageKind.Image], AllImages = all, Filters = context.Filters(), DryRun = dryRun };
        var freed = 0L;
        await foreach (var report in context.Engine.PruneStorageAsync(options, context.Cancelled))
        {
            context.Out.WriteLine(dryRun ? $"{report.Id} {(report.Name.Length > 0 ? report.Name : "<none>")} {Human.Size(report.Size)}" : report.Id);
            freed += report.Size;
        }
        if (dryRun)
            context.Out.WriteLine($"Reclaimable space: {Human.Size(freed)}");
        return 0;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(CommandContext context)
    {
        if (!context.Line.Flag("all"))
            return context.Line.Arguments;
        var names = new List<string>();
        await foreach (var image in context.Engine.ListImagesAsync(new() { All = true }, context.Cancelled))
            names.Add(image.Id);
        return names;
    }

    private static string Describe(ImageLayer layer) => $"ID: {layer.ShortId} Size: {Human.Size(layer.Size),7}"
        + (layer.TopLayerOf.Count > 0 ? $" Top Layer of: [{string.Join(' ', layer.TopLayerOf)}]" : "");

    private static WireStruct Shape(ContainerImageMount mount) => new WireStruct("Mount")
        .Add("id", mount.Id)
        .Add("Names", WireList.From(mount.Digest.Length > 0 ? [mount.Digest] : []))
        .Add("Repositories", WireList.From(mount.Names))
        .Add("mountpoint", mount.MountPoint);
}
