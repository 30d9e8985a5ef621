using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>inspect and exists of every kind of object.</summary>
internal static class InspectCommands
{
    private const int Indent = 5;

    internal static async Task<int> InspectAsync(CommandContext context)
    {
        var names = await NamesAsync(context);
        if (context.Line.Command.Id == CommandId.ImageInspect && ImageCopyCommands.AreRemote(context.Line))
            return await ImageCopyCommands.InspectAsync(context);
        var found = new WireList();
        var errors = new List<string>();
        foreach (var name in names)
        {
            try
            {
                found.Add(await FindAsync(context, name));
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
            {
                errors.Add(Kind(context) switch { "all" => $"no such object: \"{name}\"", "pod" => $"no such pod {name}", _ => e.Message });
            }
        }
        Print(context, found);
        foreach (var error in errors)
            context.Fail(error);
        return errors.Count > 0 ? ExitCodes.Error : 0;
    }

    internal static async Task<int> ExistsAsync(CommandContext context)
    {
        var exists = context.Line.Command.Id switch
        {
            CommandId.ImageExists => await context.Engine.ImageExistsAsync(context.Argument, context.Cancelled),
            CommandId.NetworkExists => await context.Engine.NetworkExistsAsync(context.Argument, context.Cancelled),
            CommandId.PodExists => await context.Engine.PodExistsAsync(context.Argument, context.Cancelled),
            CommandId.VolumeExists => await VolumeAsync(context, context.Argument) is not null,
            _ when context.Line.Flag("external") => await ExternalExistsAsync(context),
            _ => await context.Engine.ContainerExistsAsync(context.Argument, context.Cancelled),
        };
        return exists ? 0 : 1;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(CommandContext context)
    {
        if (context.Line.Command.Id is CommandId.Inspect or CommandId.ContainerInspect)
            return await Targets.NamesAsync(context);
        if (context.Line.Command.Id == CommandId.PodInspect)
            return await PodTargets.NamesAsync(context);
        if (context.Line.Command.Id == CommandId.VolumeInspect && context.Line.Flag("all"))
        {
            var all = new List<string>();
            await foreach (var volume in context.Engine.ListVolumesAsync(new(), context.Cancelled))
                all.Add(volume.Name);
            return all;
        }
        return context.Line.Arguments.Count > 0 ? context.Line.Arguments : throw EngineErrors.InvalidArgument("you must provide at least one name or id");
    }

    private static string Kind(CommandContext context) => context.Line.Command.Id switch
    {
        CommandId.ContainerInspect => "container",
        CommandId.ImageInspect => "image",
        CommandId.VolumeInspect => "volume",
        CommandId.NetworkInspect => "network",
        CommandId.PodInspect => "pod",
        _ => context.Line.Text("type")!,
    };

    private static async Task<WireStruct> FindAsync(CommandContext context, string name)
    {
        var kind = Kind(context);
        if (kind is not ("all" or "container" or "image" or "pod" or "volume" or "network"))
            throw EngineErrors.InvalidArgument($"can't inspect objects of type \"{kind}\"", kind, "use container, image, pod, volume, network or all");
        if (kind is "container" or "all")
        {
            try
            {
                var size = context.Line.Flag("size");
                return ContainerInspectShape.Create(await context.Engine.InspectContainerAsync(name, size, context.Cancelled), SignalNames.Name);
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound && kind == "all")
            {
                // Perhaps it is an image, a network or a volume.
            }
        }
        if (kind == "image" || (kind == "all" && await context.Engine.ImageExistsAsync(name, context.Cancelled)))
            return ImageInspectShape.Create(await context.Engine.InspectImageAsync(name, context.Cancelled));
        if (kind == "network" || (kind == "all" && await VolumeAsync(context, name) is null && await context.Engine.NetworkExistsAsync(name, context.Cancelled)))
            return NetworkShape.Create(await InspectNetworkAsync(context, name));
        if (kind == "pod" || (kind == "all" && await VolumeAsync(context, name) is null && await context.Engine.PodExistsAsync(name, context.Cancelled)))
            return PodInspectShape.Create(await context.Engine.InspectPodAsync(name, context.Cancelled));
        return VolumeShape.Create(await VolumeAsync(context, name) ?? throw EngineErrors.VolumeNotFound(name));
    }

    private static async Task<ContainerNetworkDetail> InspectNetworkAsync(CommandContext context, string name)
    {
        try
        {
            return await context.Engine.InspectNetworkAsync(name, context.Cancelled);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw new ContainerEngineException(e.Kind, e.ErrorId, $"network {name}: {e.Reason}", name, e.Remedy, e);
        }
    }

    private static async Task<ContainerVolume?> VolumeAsync(CommandContext context, string name)
    {
        await foreach (var volume in context.Engine.ListVolumesAsync(new(), context.Cancelled))
            if (volume.Name == name)
                return volume;
        return null;
    }

    private static async Task<bool> ExternalExistsAsync(CommandContext context)
    {
        try
        {
            var query = new ContainerQuery { All = true, External = true, NamesOrIds = [context.Argument] };
            await foreach (var _ in context.Engine.ListContainersAsync(query, context.Cancelled))
                return true;
            return false;
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    private static void Print(CommandContext context, WireList found)
    {
        var format = context.Line.Text("format");
        if (format is null || Listing.IsJson(format))
        {
            context.Out.Write(WireJson.ToUtf8(found, Indent));
            context.Out.WriteLine("");
            return;
        }
        var template = GoTemplate.Parse("inspect", GoTemplate.Unescape(format));
        foreach (var item in found.Items)
            context.Out.WriteLine(template.Execute(item));
    }
}
