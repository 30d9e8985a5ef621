using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Orchestration.Images;

namespace Podsharp.Cli.Commands;

/// <summary>Commands on images where they are, without pulling them.</summary>
internal static class ImageCopyCommands
{
    internal static async Task<int> CopyAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var result = await CopyView.CopyAsync(context, CopyRequestBuilder.Build(context.Line, context.Caller), context.Line.Flag("quiet"));
        if (context.Line.Text("digestfile") is { Length: > 0 } file)
            await File.WriteAllTextAsync(context.Caller.Resolve(file), result.Digest, context.Cancelled);
        return 0;
    }
}
