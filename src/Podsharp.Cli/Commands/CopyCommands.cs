using Podsharp.Cli.Interactive;
using Podsharp.Engine;
using Podsharp.Orchestration.Files;

namespace Podsharp.Cli.Commands;

/// <summary>cp.</summary>
internal static class CopyCommands
{
    internal static async Task<int> CopyAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var source = FileLocation.Parse(line.Arguments[0]);
        var target = FileLocation.Parse(line.Arguments[1]);
        var options = new Model.FileUnpackOptions { TakeOwnership = line.Flag("archive"), Overwrite = line.Flag("overwrite") };
        var copier = new FileCopier(context.Engine, EngineFactory.CreateHostFiles(), context.Caller);
        if (source.Container is not null && target.IsStream)
        {
            context.Out.Flush();
            await copier.ExportAsync(source, context.Out.Stream, context.Cancelled);
        }
        else if (source.IsStream && target.Container is not null)
            await copier.ImportAsync(context.In, target, options, context.Cancelled);
        else
            await copier.CopyAsync(source, target, options, context.Cancelled);
        return 0;
    }
}
