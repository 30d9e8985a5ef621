using System.Security.Cryptography;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>volume create, ls and rm.</summary>
internal static class VolumeCommands
{
    private const string VolumeTable = "table {{.Driver}}\t{{.Name}}";

    internal static async Task<int> CreateAsync(CommandContext context)
    {
        var line = context.Line;
        var name = line.Arguments.Count > 0 ? line.Arguments[0] : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        try
        {
            await context.Engine.CreateVolumeAsync(new()
            {
                Name = name,
                Labels = KeyValueParser.Parse(line.List("label"), "label"),
                UserId = Id(line, "uid"),
                GroupId = Id(line, "gid"),
            }, context.Cancelled);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NameInUse && line.Flag("ignore"))
        {
            // That is what was asked for.
        }
        context.Out.WriteLine(name);
        return 0;
    }

    internal static async Task<int> ListAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        var filters = context.Filters();
        foreach (var key in filters.Keys)
            if (key is not ("name" or "label" or "driver"))
                throw EngineErrors.InvalidArgument($"invalid volume filter \"{key}\"", key, "use name, label or driver");
        var volumes = new List<ContainerVolume>();
        await foreach (var volume in context.Engine.ListVolumesAsync(context.Cancelled))
            if (Matches(volume, filters))
                volumes.Add(volume);
        if (line.Flag("quiet") && format is null)
            foreach (var volume in volumes)
                context.Out.WriteLine(volume.Name);
        else if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(volumes.Select(VolumeShape.Create)), 4));
        else
            context.Out.Write(new Listing("volume", VolumeShape.Headings).Render(format is null or "table" ? VolumeTable : format,
                volumes.Select(VolumeShape.Create), !line.Flag("noheading")));
        return 0;
    }

    internal static async Task<int> RemoveAsync(CommandContext context)
    {
        var line = context.Line;
        var names = new List<string>(line.Arguments);
        if (line.Flag("all"))
            await foreach (var volume in context.Engine.ListVolumesAsync(context.Cancelled))
                names.Add(volume.Name);
        else if (names.Count == 0)
            throw EngineErrors.InvalidArgument("you must provide at least one volume name");
        return await Targets.EachAsync(context, names, async name =>
        {
            await context.Engine.RemoveVolumeAsync(name, line.Flag("force"), context.Cancelled);
            context.Out.WriteLine(name);
        }, ExitCodes.OfRemoval);
    }

    private static uint? Id(ParsedCommand line, string option) => line.Number(option) switch
    {
        null => null,
        >= 0 and < uint.MaxValue and var id => (uint)id,
        var other => throw EngineErrors.InvalidArgument($"{other} is no user or group id", option, "give a number from 0 on"),
    };

    private static bool Matches(ContainerVolume volume, IReadOnlyDictionary<string, IReadOnlyList<string>> filters)
    {
        foreach (var (key, values) in filters)
        {
            var holds = key switch
            {
                "name" => values.Any(v => volume.Name.Contains(v, StringComparison.Ordinal)),
                "driver" => values.Contains(volume.Driver),
                _ => values.All(v => HasLabel(volume, v)),
            };
            if (!holds)
                return false;
        }
        return true;
    }

    private static bool HasLabel(ContainerVolume volume, string text)
    {
        var parts = text.Split('=', 2);
        return volume.Labels.TryGetValue(parts[0], out var value) && (parts.Length == 1 || value == parts[1]);
    }
}
