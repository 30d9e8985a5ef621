using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>search.</summary>
internal static class SearchCommands
{
    internal static async Task<int> SearchAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var format = line.Text("format");
        var results = new List<ImageSearchResult>();
        await foreach (var result in context.Engine.SearchImagesAsync(Request(context), context.Cancelled))
            results.Add(result);
        if (Listing.IsJson(format))
        {
            context.Out.WriteLine(WireJson.ToText(WireList.From(line.Flag("list-tags")
                ? results.GroupBy(result => result.Name).Select(tags => ImageSearchShape.CreateTags(tags.Key, tags.Select(tag => tag.Tag ?? "")))
                : results.Select(result => ImageSearchShape.Create(result, whole: true))), 4));
            return 0;
        }
        // podman shows no headings of nothing.
        if (results.Count == 0)
            return 0;
        context.Out.Write(new Listing("search", ImageSearchShape.Headings).Render(format is null or "table" ? Table(line.Flag("list-tags"), line.Flag("compatible")) : format,
            results.Select(result => ImageSearchShape.Create(result, line.Flag("no-trunc")))));
        return 0;
    }

    private static string Table(bool tags, bool compatible) => tags ? "table {{.Name}}\t{{.Tag}}"
        : compatible ? "table {{.Name}}\t{{.Description}}\t{{.Stars}}\t{{.Official}}\t{{.Automated}}" : "table {{.Name}}\t{{.Description}}";

    private static ImageSearchRequest Request(CommandContext context)
    {
        var line = context.Line;
        var request = new ImageSearchRequest
        {
            Term = context.Argument,
            Limit = (int)(line.Number("limit") ?? 25),
            ListTags = line.Flag("list-tags"),
            Registry = ContainerSpecBuilder.Registry(line, context.Caller),
        };
        foreach (var filter in line.List("filter"))
        {
            var (name, value) = filter.Split('=', 2) is [var before, var behind] ? (before, behind) : (filter, "true");
            request = name switch
            {
                "stars" when int.TryParse(value, out var stars) && stars >= 0 => request with { Stars = stars },
                "is-official" when bool.TryParse(value, out var official) => request with { Official = official },
                "is-automated" when bool.TryParse(value, out var automated) => request with { Automated = automated },
                _ => throw EngineErrors.InvalidArgument($"invalid filter \"{filter}\"", filter, "use stars=N, is-official=BOOL or is-automated=BOOL"),
            };
        }
        return request;
    }
}
