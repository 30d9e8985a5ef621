using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>system df, system prune and volume prune.</summary>
internal static class UpkeepCommands
{
    private const string SummaryTable = "table {{.Type}}\t{{.Total}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";

    private static readonly (StorageKind Kind, string Title, string Table)[] Details =
    [
        (StorageKind.Image, "Images space usage:",
            "table {{.Repository}}\t{{.Tag}}\t{{.ImageID}}\t{{.Created}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}"),
        (StorageKind.Container, "Containers space usage:",
            "table {{.ContainerID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.RWSize}}\t{{.Created}}\t{{.Status}}\t{{.Names}}"),
        (StorageKind.Volume, "Local Volumes space usage:", "table {{.VolumeName}}\t{{.Links}}\t{{.Size}}"),
    ];

    // podman's order of the sections, which isn't that of the removals.
    private static readonly (StorageKind Kind, string Deleted, string Planned)[] Sections =
    [
        (StorageKind.Container, "Deleted Containers", "Containers to delete"),
        (StorageKind.Pod, "Deleted Pods", "Pods to delete"),
        (StorageKind.Volume, "Deleted Volumes", "Volumes to delete"),
        (StorageKind.Image, "Deleted Images", "Images to delete"),
        (StorageKind.Network, "Deleted Networks", "Networks to delete"),
        (StorageKind.Leftover, "Deleted Files", "Files to delete"),
        (StorageKind.BuildCache, "Deleted Build Caches", "Build caches to delete"),
    ];

    internal static async Task<int> DiskUsageAsync(CommandContext context)
    {
        var format = context.Line.Text("format");
        if (format is not null && context.Line.Flag("verbose"))
            throw EngineErrors.InvalidArgument("cannot combine --format and --verbose flags");
        var usages = await context.Engine.MeasureStorageAsync(context.Cancelled);
        var listing = new Listing("df", DiskUsageShape.Headings);
        if (context.Line.Flag("verbose"))
            PrintDetails(context, usages, listing);
        else if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(usages.Select(DiskUsageShape.Create)), 4));
        else
            context.Out.Write(listing.Render(format ?? SummaryTable, usages.Select(DiskUsageShape.Create)));
        return 0;
    }

    private static void PrintDetails(CommandContext context, IReadOnlyList<StorageUsage> usages, Listing listing)
    {
        var now = DateTimeOffset.UtcNow;
        var first = true;
        foreach (var (kind, title, table) in Details)
        {
            context.Out.Write($"{(first ? "" : "\n")}{title}\n\n");
            context.Out.Write(listing.Render(table, usages.First(usage => usage.Kind == kind).Items.Select(item => DiskUsageShape.Create(item, now))));
            first = false;
        }
    }

    internal static async Task<int> PruneAsync(CommandContext context)
    {
        var line = context.Line;
        var external = line.Flag("external");
        if (external && (line.Flag("all") || line.Flag("volumes") || line.Flag("build") || line.List("filter").Count > 0))
            throw EngineErrors.InvalidArgument("system prune --external cannot be combined with other options");
        if (!line.Flag("force") && !external && !line.Flag("dry-run") && !Confirmation.Asked(context, Warning(context)))
            return 0;
        var options = new PruneOptions
        {
            Kinds = external ? [StorageKind.Leftover] : line.Flag("volumes") ? [.. PruneOptions.Everyday, StorageKind.Volume] : PruneOptions.Everyday,
            AllImages = line.Flag("all"),
            BuildContainers = line.Flag("build"),
            Filters = context.Filters(),
            DryRun = line.Flag("dry-run"),
        };
        var reports = await RemoveAsync(context, options);
        foreach (var (kind, deleted, planned) in Sections)
        {
            var items = reports.Where(report => report.Kind == kind).ToList();
            // podman says nothing of what --external removes.
            if (items.Count == 0 || (external && !options.DryRun))
                continue;
            context.Out.WriteLine(options.DryRun ? planned : deleted);
            items.ForEach(item => context.Out.WriteLine(kind == StorageKind.Network ? item.Name : item.Id));
        }
        if (!external)
            context.Out.WriteLine($"{(options.DryRun ? "Reclaimable" : "Total reclaimed")} space: {Human.Size(reports.Sum(report => report.Size))}");
        return 0;
    }

    internal static async Task<int> PruneVolumesAsync(CommandContext context)
    {
        var line = context.Line;
        var dryRun = line.Flag("dry-run");
        if (!line.Flag("force") && !dryRun && !Confirmation.Asked(context,
            "WARNING! This will remove all volumes not used by at least one container."))
            return 0;
        foreach (var report in await RemoveAsync(context, new() { Kinds = [StorageKind.Volume], Filters = context.Filters(), DryRun = dryRun }))
            context.Out.WriteLine(report.Id);
        return 0;
    }

    private static async Task<List<PruneReport>> RemoveAsync(CommandContext context, PruneOptions options)
    {
        using var interrupt = new InterruptHandler(context);
        var reports = new List<PruneReport>();
        await foreach (var report in context.Engine.PruneStorageAsync(options, context.Cancelled))
            reports.Add(report);
        return reports;
    }

    private static string Warning(CommandContext context)
    {
        var line = context.Line;
        List<string> removed = ["all stopped pods and containers", "all networks not used by at least one container"];
        if (line.Flag("volumes"))
            removed.Add("all volumes not used by at least one container");
        if (line.Flag("build"))
            removed.Add("all build containers");
        removed.Add(line.Flag("all") ? "all images without at least one container associated with them" : "all dangling images");
        return $"WARNING! This command removes:\n{string.Join('\n', removed.Select(what => "\t- " + what))}\n";
    }
}
