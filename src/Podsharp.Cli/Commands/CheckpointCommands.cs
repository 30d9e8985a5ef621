using System.Diagnostics;
using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>container checkpoint and container restore.</summary>
internal static class CheckpointCommands
{
    internal static async Task<int> CheckpointAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = new ContainerCheckpointRequest
        {
            Keep = line.Flag("keep"),
            LeaveRunning = line.Flag("leave-running"),
            TcpEstablished = line.Flag("tcp-established"),
            FileLocks = line.Flag("file-locks"),
            Pre = line.Flag("pre-checkpoint"),
            WithPrevious = line.Flag("with-previous"),
        };
        var started = Stopwatch.GetTimestamp();
        var reports = new List<WireStruct>();
        var names = await NamesAsync(context, container => container.State == ContainerState.Running && !container.IsInfra);
        var code = await Targets.EachAsync(context, names, async name =>
        {
            var checkpoint = await context.Engine.CheckpointContainerAsync(name, request, context.Cancelled);
            if (line.Flag("print-stats"))
                reports.Add(Report(checkpoint));
            else
                context.Out.WriteLine(name);
        });
        return Print(context, "podman_checkpoint_duration", Stopwatch.GetElapsedTime(started), reports, code);
    }

    internal static async Task<int> RestoreAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = new ContainerRestoreRequest
        {
            Keep = line.Flag("keep"),
            TcpEstablished = line.Flag("tcp-established"),
            TcpClose = line.Flag("tcp-close"),
            FileLocks = line.Flag("file-locks"),
            IgnoreStaticIp = line.Flag("ignore-static-ip"),
            IgnoreStaticMac = line.Flag("ignore-static-mac"),
        };
        var started = Stopwatch.GetTimestamp();
        var reports = new List<WireStruct>();
        var names = await NamesAsync(context, container => container.Checkpointed is not null);
        var code = await Targets.EachAsync(context, names, async name =>
        {
            var restoration = await context.Engine.RestoreContainerAsync(name, request, context.Cancelled);
            if (line.Flag("print-stats"))
                reports.Add(Report(restoration));
            else
                context.Out.WriteLine(name);
        });
        return Print(context, "podman_restore_duration", Stopwatch.GetElapsedTime(started), reports, code);
    }

    // With --all only those about which the command can do something.
    private static async Task<IReadOnlyList<string>> NamesAsync(CommandContext context, Func<Container, bool> isMeant)
    {
        if (!context.Line.Flag("all") || context.Line.Arguments.Count > 0)
            return await Targets.NamesAsync(context);
        var names = new List<string>();
        await foreach (var container in context.Engine.ListContainersAsync(new() { All = true }, context.Cancelled))
        {
            if (isMeant(container))
                names.Add(container.Id);
        }
        return names;
    }

    private static int Print(CommandContext context, string total, TimeSpan duration, List<WireStruct> reports, int code)
    {
        if (context.Line.Flag("print-stats"))
            context.Out.WriteLine(WireJson.ToText(new WireStruct("statistics").Add(total, Microseconds(duration)).Add("container_statistics", WireList.From(reports)), 4));
        return code;
    }

    private static WireStruct Report(ContainerCheckpoint checkpoint)
    {
        var statistics = checkpoint.Statistics ?? new();
        return new WireStruct("entities.CheckpointReport")
            .Add("Id", checkpoint.ContainerId)
            .Add("runtime_checkpoint_duration", Microseconds(checkpoint.Duration))
            .Add("criu_statistics", new WireStruct("define.CRIUCheckpointRestoreStatistics")
                .Add("freezing_time", Microseconds(statistics.FreezingTime))
                .Add("frozen_time", Microseconds(statistics.FrozenTime))
                .Add("memdump_time", Microseconds(statistics.MemoryDumpTime))
                .Add("memwrite_time", Microseconds(statistics.MemoryWriteTime))
                .Add("pages_scanned", statistics.PagesScanned)
                .Add("pages_written", statistics.PagesWritten));
    }

    private static WireStruct Report(ContainerRestoration restoration)
    {
        var statistics = restoration.Statistics ?? new();
        return new WireStruct("entities.RestoreReport")
            .Add("Id", restoration.Container.Id)
            .Add("runtime_restore_duration", Microseconds(restoration.Duration))
            .Add("criu_statistics", new WireStruct("define.CRIUCheckpointRestoreStatistics")
                .Add("pages_compared", statistics.PagesCompared, omitEmpty: true)
                .Add("pages_skipped_cow", statistics.PagesSkippedCopyOnWrite, omitEmpty: true)
                .Add("forking_time", Microseconds(statistics.ForkingTime))
                .Add("restore_time", Microseconds(statistics.RestoreTime))
                .Add("pages_restored", statistics.PagesRestored));
    }

    private static long Microseconds(TimeSpan time) => (long)time.TotalMicroseconds;
}
