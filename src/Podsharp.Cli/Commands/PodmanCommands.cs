using Podsharp.Cli.Interactive;
using Podsharp.Model;

namespace Podsharp.Cli.Commands;

/// <summary>container import-podman and volume import-podman.</summary>
internal static class PodmanCommands
{
    internal static Task<int> ImportContainersAsync(CommandContext context) =>
        ImportAsync(context, Request(context), context.Engine.ImportPodmanContainersAsync);

    internal static Task<int> ImportVolumesAsync(CommandContext context) =>
        ImportAsync(context, Request(context) with { CopyData = context.Line.Flag("copy-data") }, context.Engine.ImportPodmanVolumesAsync);

    private static PodmanImportRequest Request(CommandContext context)
    {
        var line = context.Line;
        if (line.Flag("all") == line.Arguments.Count > 0)
            throw line.Flag("all") ? EngineErrors.InvalidArgument("--all and names exclude each other", line.Arguments[0], "give one of them")
                : EngineErrors.InvalidArgument("you must provide at least one name or id, or --all");
        return new()
        {
            Names = line.Arguments,
            NewName = line.Text("new-name"),
            Prefix = line.Text("prefix")!,
            Database = line.Text("database") is { } path ? context.Caller.Resolve(path) : null,
            DryRun = line.Flag("dry-run"),
        };
    }

    private static async Task<int> ImportAsync(CommandContext context, PodmanImportRequest request,
        Func<PodmanImportRequest, CancellationToken, IAsyncEnumerable<PodmanImportResult>> import)
    {
        using var interrupt = new InterruptHandler(context);
        var code = 0;
        await foreach (var result in import(request, context.Cancelled))
        {
            foreach (var warning in result.Warnings)
                context.Warn($"{result.Source}: {warning}");
            if (result.Failure.Length > 0)
            {
                context.Fail($"{result.Source}: {result.Failure}");
                code = ExitCodes.Error;
            }
            else
            {
                context.Out.WriteLine(result.Name);
            }
        }
        return code;
    }
}
