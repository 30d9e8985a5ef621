using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>ps, port and images.</summary>
internal static class ListCommands
{
    private const string ContainerTable = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.CreatedHuman}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";

    private const string NamespaceTable = "table {{.ID}}\t{{.Names}}\t{{.Pid}}\t{{.CGROUPNS}}\t{{.IPC}}\t{{.MNT}}\t{{.NET}}\t{{.PIDNS}}\t{{.USERNS}}\t{{.UTS}}";

    internal static async Task<int> ContainersAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        if (line.Flag("latest") && line.Given("last"))
            throw EngineErrors.InvalidArgument("--last and --latest exclude each other", null, "give one of them");
        var last = line.Flag("latest") ? 1 : Math.Max(0, (int)line.Number("last")!);
        var size = line.Flag("size") || format?.Contains(".Size", StringComparison.Ordinal) == true;
        if (line.Flag("size") && line.Flag("ns"))
            throw EngineErrors.InvalidArgument("size and namespace options conflict", null, "leave one of them out");
        var query = new ContainerQuery
        {
            Namespaces = line.Flag("ns"),
            All = line.Flag("all") || last > 0 || line.List("filter").Any(f => f.StartsWith("status=", StringComparison.Ordinal)),
            External = line.Flag("external"),
            Size = size,
            Filters = context.Filters(),
            Last = last,
        };
        if (line.Number("watch") is not > 0)
        {
            await PrintContainersAsync(context, query);
            return 0;
        }
        if (line.Flag("latest"))
            throw EngineErrors.InvalidArgument("the watch and latest flags cannot be used together", null, "leave one of them out");
        using var interrupt = new InterruptHandler(context);
        try
        {
            while (true)
            {
                WatchCommands.ClearScreen(context);
                await PrintContainersAsync(context, query);
                context.Out.Flush();
                await Task.Delay(TimeSpan.FromSeconds(line.Number("watch")!.Value), context.Cancelled);
            }
        }
        catch (OperationCanceledException)
        {
            return 0; // Ctrl+C is how one stops watching.
        }
    }

    private static async Task PrintContainersAsync(CommandContext context, ContainerQuery query)
    {
        var line = context.Line;
        var format = line.Text("format");
        var containers = new List<Container>();
        await foreach (var container in context.Engine.ListContainersAsync(query, context.Cancelled))
            containers.Add(container);
        Sort(containers, line.Text("sort")!);
        var now = DateTimeOffset.UtcNow;
        var whole = line.Flag("no-trunc");
        if (line.Flag("quiet") && format is null)
        {
            foreach (var container in containers)
                context.Out.WriteLine(whole ? container.Id : container.ShortId);
        }
        else if (Listing.IsJson(format))
        {
            var list = WireList.From(containers.Select(c => ContainerListShape.Create(c, now)));
            context.Out.Write(WireJson.ToUtf8(list, 2));
            context.Out.WriteLine("");
        }
        else
        {
            var columns = ContainerTable + (line.Flag("pod") ? "\t{{.Pod}}\t{{.PodName}}" : "") + (query.Size ? "\t{{.Size}}" : "");
            var table = query.Namespaces ? NamespaceTable : columns;
            var rows = containers.Select(c => ContainerListShape.Create(c, now, whole));
            context.Out.Write(new Listing("ps", ContainerListShape.Headings).Render(format is null or "table" ? table : format, rows, !line.Flag("noheading")));
        }
    }

    internal static async Task<int> PortsAsync(CommandContext context)
    {
        var line = context.Line;
        if (line.Flag("all") || line.Flag("latest"))
        {
            if (line.Flag("all") && line.Arguments.Count > 0)
                throw EngineErrors.InvalidArgument("--all and names exclude each other", line.Arguments[0], "give one of them");
        }
        else if (line.Arguments.Count == 0)
        {
            throw EngineErrors.InvalidArgument("you must supply a running container name or id");
        }
        if (line.Flag("all"))
        {
            await foreach (var container in context.Engine.ListContainersAsync(new ContainerQuery(), context.Cancelled))
                foreach (var port in PublishedPorts.Single(container.Ports))
                    context.Out.WriteLine($"{container.ShortId}\t{PublishedPorts.Describe(port)}");
            return 0;
        }
        var (name, others) = await Targets.OneAsync(context);
        var ports = await PortsOfAsync(context, name);
        if (others.Count == 0)
            foreach (var port in ports)
                context.Out.WriteLine(PublishedPorts.Describe(port));
        else
            foreach (var port in PublishedPorts.Find(ports, others[0]))
                context.Out.WriteLine(PublishedPorts.HostEnd(port));
        return 0;
    }

    private static async Task<IReadOnlyList<PortMapping>> PortsOfAsync(CommandContext context, string name)
    {
        await foreach (var container in context.Engine.ListContainersAsync(new() { All = true, NamesOrIds = [name] }, context.Cancelled))
            return PublishedPorts.Single(container.Ports);
        throw EngineErrors.ContainerNotFound(name);
    }

    internal static async Task<int> ImagesAsync(CommandContext context)
    {
        var line = context.Line;
        var query = new ImageQuery
        {
            All = line.Flag("all"),
            NamesOrIds = line.Arguments,
            Filters = context.Filters(),
            Labels = line.Text("format") is not null,
        };
        var images = new List<ContainerImage>();
        try
        {
            await foreach (var image in context.Engine.ListImagesAsync(query, context.Cancelled))
                images.Add(image);
        }
        catch (ContainerEngineException e) when (e.ErrorId == "ImageNotFound" && line.Arguments.Count > 0)
        {
            images.Clear(); // As podman: a name that matches nothing makes an empty list.
        }
        PrintImages(context, images);
        return 0;
    }

    private static void PrintImages(CommandContext context, List<ContainerImage> images)
    {
        var line = context.Line;
        var format = line.Text("format");
        var whole = line.Flag("no-trunc");
        var now = DateTimeOffset.UtcNow;
        if (line.Flag("quiet") && format is null)
        {
            foreach (var image in images.DistinctBy(i => i.Id))
                context.Out.WriteLine(whole ? "sha256:" + image.Id : image.ShortId);
            return;
        }
        if (Listing.IsJson(format))
        {
            var list = WireList.From(images.Select(i => ImageListShape.Create(i, null, now)));
            context.Out.Write(WireJson.ToUtf8(list, 4));
            context.Out.WriteLine("");
            return;
        }
        var rows = images.SelectMany(Names).ToList();
        Sort(rows, line.Text("sort")!);
        var columns = "table {{.Repository}}\t{{.Tag}}\t" + (line.Flag("digests") ? "{{.Digest}}\t" : "")
            + "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}" + (line.Flag("history") ? "\t{{.History}}" : "");
        var shapes = rows.Select(row => ImageListShape.Create(row.Image, row.Name, now, whole));
        context.Out.Write(new Listing("images", ImageListShape.Headings).Render(format is null or "table" ? columns : format, shapes, !line.Flag("noheading")));
    }

    private static IEnumerable<(ContainerImage Image, string? Name)> Names(ContainerImage image) =>
        image.Names.Count == 0 ? [(image, null)] : image.Names.Select(name => (image, (string?)name));

    private static void Sort(List<(ContainerImage Image, string? Name)> rows, string key)
    {
        // List.Sort isn't stable: the place in the list decides between equals.
        Comparison<(ContainerImage Image, string? Name)>? compare = key switch
        {
            "created" => null,
            "id" => (a, b) => string.CompareOrdinal(a.Image.Id, b.Image.Id),
            "repository" => (a, b) => string.CompareOrdinal(ImageListShape.Split(a.Name).Repository, ImageListShape.Split(b.Name).Repository),
            "tag" => (a, b) => string.CompareOrdinal(ImageListShape.Split(a.Name).Tag, ImageListShape.Split(b.Name).Tag),
            "size" => (a, b) => b.Image.Size.CompareTo(a.Image.Size),
            _ => throw EngineErrors.InvalidArgument($"can't sort by \"{key}\"", key, "use created, id, repository, size or tag"),
        };
        Apply(rows, compare);
    }

    private static void Sort(List<Container> containers, string key)
    {
        Comparison<Container>? compare = key switch
        {
            "created" => null,
            "runningfor" => (a, b) => Nullable.Compare(a.Started, b.Started),
            "command" => (a, b) => string.CompareOrdinal(ContainerText.Command(a, true), ContainerText.Command(b, true)),
            "id" => (a, b) => string.CompareOrdinal(a.Id, b.Id),
            "image" => (a, b) => string.CompareOrdinal(a.Image, b.Image),
            "names" => (a, b) => string.CompareOrdinal(a.Name, b.Name),
            "size" => (a, b) => Nullable.Compare(a.SizeRootFs, b.SizeRootFs),
            "status" => (a, b) => string.CompareOrdinal(a.State.ToString(), b.State.ToString()),
            _ => throw EngineErrors.InvalidArgument($"can't sort by \"{key}\"", key, "use command, created, id, image, names, runningfor, size or status"),
        };
        Apply(containers, compare);
    }

    private static void Apply<T>(List<T> list, Comparison<T>? compare)
    {
        if (compare is null)
            return;
        var sorted = list.Order(Comparer<T>.Create(compare)).ToList();
        list.Clear();
        list.AddRange(sorted);
    }
}
