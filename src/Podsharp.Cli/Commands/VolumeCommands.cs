using System.Security.Cryptography;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>volume create, ls, rm, export, import, mount, unmount and reload.</summary>
internal static class VolumeCommands
{
    private const string VolumeTable = "table {{.Driver}}\t{{.Name}}";

    internal static async Task<int> CreateAsync(CommandContext context)
    {
        var line = context.Line;
        var name = line.Arguments.Count > 0 ? line.Arguments[0] : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await context.Engine.CreateVolumeAsync(new()
        {
            Name = name,
            Driver = line.Text("driver")!,
            Options = KeyValueParser.Parse(line.List("opt"), "volume option"),
            Labels = KeyValueParser.Parse(line.List("label"), "label"),
            UserId = Id(line, "uid"),
            GroupId = Id(line, "gid"),
            Ignore = line.Flag("ignore"),
        }, context.Cancelled);
        context.Out.WriteLine(name);
        return 0;
    }

    internal static async Task<int> ListAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        var volumes = new List<ContainerVolume>();
        await foreach (var volume in context.Engine.ListVolumesAsync(new() { Filters = context.Filters() }, context.Cancelled))
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
            await foreach (var volume in context.Engine.ListVolumesAsync(new(), context.Cancelled))
                names.Add(volume.Name);
        else if (names.Count == 0)
            throw EngineErrors.InvalidArgument("you must provide at least one volume name");
        var timeout = line.Given("time") ? (int?)line.Number("time") : null;
        return await Targets.EachAsync(context, names, async name =>
        {
            try
            {
                await context.Engine.RemoveVolumeAsync(name, line.Flag("force"), timeout, context.Cancelled);
                context.Out.WriteLine(name);
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound && line.Flag("force"))
            {
                // That is what was asked for.
            }
        }, ExitCodes.OfRemoval);
    }

    internal static async Task<int> ExportAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        if (context.Line.Text("output") is not { } output)
        {
            if (Engine.Native.Terminal.IsTerminal(1) && !context.Globals.Given("out"))
                throw EngineErrors.InvalidArgument("cannot write to terminal, use command-line redirection or the --output flag");
            context.Out.Flush();
            await context.Engine.ExportVolumeAsync(context.Argument, context.Out.Stream, context.Cancelled);
            return 0;
        }
        var path = context.Caller.Resolve(output);
        var isNew = !File.Exists(path);
        try
        {
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await context.Engine.ExportVolumeAsync(context.Argument, file, context.Cancelled);
        }
        catch when (isNew)
        {
            File.Delete(path);
            throw;
        }
        return 0;
    }

    internal static async Task<int> ImportAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var source = context.Line.Arguments[1];
        if (source == "-")
        {
            await context.Engine.ImportVolumeAsync(context.Argument, context.In, context.Cancelled);
            return 0;
        }
        var path = context.Caller.Resolve(source);
        if (!File.Exists(path))
            throw new ContainerEngineException(ErrorKind.NotFound, "FileNotFound", $"unable open input file: open {source}: no such file or directory", source, "correct the path, or give - for standard input");
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        await context.Engine.ImportVolumeAsync(context.Argument, file, context.Cancelled);
        return 0;
    }

    internal static Task<int> MountAsync(CommandContext context) => Targets.EachAsync(context, context.Line.Arguments, async name =>
        context.Out.WriteLine((await context.Engine.MountVolumeAsync(name, context.Cancelled)).MountPoint));

    internal static Task<int> UnmountAsync(CommandContext context) => Targets.EachAsync(context, context.Line.Arguments, async name =>
        context.Out.WriteLine((await context.Engine.UnmountVolumeAsync(name, context.Cancelled)).Name));

    internal static async Task<int> ReloadAsync(CommandContext context)
    {
        await context.Engine.ReloadVolumesAsync(context.Cancelled);
        return 0;
    }

    private static uint? Id(ParsedCommand line, string option) => line.Number(option) switch
    {
        null => null,
        >= 0 and < uint.MaxValue and var id => (uint)id,
        var other => throw EngineErrors.InvalidArgument($"{other} is no user or group id", option, "give a number from 0 on"),
    };
}
