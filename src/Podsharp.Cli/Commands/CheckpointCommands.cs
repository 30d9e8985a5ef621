using System.Diagnostics;
using Podsharp.Cli.Interactive;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Files;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>container checkpoint and container restore.</summary>
internal static class CheckpointCommands
{
    internal static async Task<int> CheckpointAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = CheckpointRequest(line);
        var started = Stopwatch.GetTimestamp();
        var reports = new List<WireStruct>();
        var names = await NamesAsync(context, container => container.State == ContainerState.Running && !container.IsInfra);
        // podman writes one over the other.
        if (names.Count > 1 && (line.Text("export") ?? line.Text("create-image")) is { } target)
            throw EngineErrors.InvalidArgument("only one container can be exported to an archive or an image", target, "checkpoint them one by one");
        var code = await Targets.EachAsync(context, names, async name =>
        {
            var checkpoint = await CheckpointAsync(context, name, request);
            if (line.Flag("print-stats"))
                reports.Add(Report(checkpoint));
            else
                context.Out.WriteLine(name);
        });
        return Print(context, "podman_checkpoint_duration", Stopwatch.GetElapsedTime(started), reports, code);
    }

    private static ContainerCheckpointRequest CheckpointRequest(ParsedCommand line)
    {
        if (line.Text("compress") is { } word && line.Text("export") is null)
            throw EngineErrors.InvalidArgument("--compress can only be used with --export", word, "give the archive, or leave it out");
        return new()
        {
            Keep = line.Flag("keep"),
            LeaveRunning = line.Flag("leave-running"),
            TcpEstablished = line.Flag("tcp-established"),
            FileLocks = line.Flag("file-locks"),
            Pre = line.Flag("pre-checkpoint"),
            WithPrevious = line.Flag("with-previous"),
            Compression = line.Text("compress") switch
            {
                "none" => CheckpointCompression.None,
                "gzip" => CheckpointCompression.Gzip,
                _ => CheckpointCompression.Zstd,
            },
            Image = line.Text("create-image"),
            IgnoreRootFs = line.Flag("ignore-rootfs"),
            IgnoreVolumes = line.Flag("ignore-volumes"),
        };
    }

    // Memory may hold anything: only its owner can read it.
    private static async Task<ContainerCheckpoint> CheckpointAsync(CommandContext context, string name, ContainerCheckpointRequest request)
    {
        if (context.Line.Text("export") is not { } export)
            return await context.Engine.CheckpointContainerAsync(name, request, cancellationToken: context.Cancelled);
        ContainerCheckpoint? checkpoint = null;
        await OutputFile.WriteAsync(context.Caller.Resolve(export), keep: false,
            async file => checkpoint = await context.Engine.CheckpointContainerAsync(name, request, file, context.Cancelled), isPrivate: true);
        return checkpoint!;
    }

    internal static async Task<int> RestoreAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var request = RestoreRequest(line);
        var import = line.Text("import");
        CheckRestore(line, import);
        var started = Stopwatch.GetTimestamp();
        var reports = new List<WireStruct>();
        IReadOnlyList<string> names = import is not null ? [import] : await NamesAsync(context, container => container.Checkpointed is not null);
        if (request.Name is not null && names.Count > 1)
            throw EngineErrors.InvalidArgument("--name can only be used with one checkpoint image", request.Name, "restore them one by one");
        var code = await Targets.EachAsync(context, names, async name =>
        {
            var restoration = import is null ? await context.Engine.RestoreContainerAsync(name, request, context.Cancelled) : await ImportAsync(context, import, request);
            foreach (var warning in restoration.Warnings)
                context.Warn(warning);
            if (line.Flag("print-stats"))
                reports.Add(Report(restoration));
            else
                context.Out.WriteLine(import is null && IsCalled(name, restoration.Container) ? name : restoration.Container.Id);
        });
        return Print(context, "podman_restore_duration", Stopwatch.GetElapsedTime(started), reports, code);
    }

    private static void CheckRestore(ParsedCommand line, string? import)
    {
        if (import is not null && (line.Flag("all") || line.Flag("latest")))
            throw EngineErrors.InvalidArgument("cannot use --import with --all or --latest", import, "leave one of them out");
        if (import is not null && line.Arguments.Count > 0)
            throw EngineErrors.InvalidArgument("cannot use --import with positional arguments", line.Arguments[0], "leave one of them out");
        if (import is null && line.Text("import-previous") is { } previous)
            throw EngineErrors.InvalidArgument("--import-previous can only be used with --import", previous, "give the archive of the second round");
    }

    private static ContainerRestoreRequest RestoreRequest(ParsedCommand line) => new()
    {
        Keep = line.Flag("keep"),
        TcpEstablished = line.Flag("tcp-established"),
        TcpClose = line.Flag("tcp-close"),
        FileLocks = line.Flag("file-locks"),
        IgnoreStaticIp = line.Flag("ignore-static-ip"),
        IgnoreStaticMac = line.Flag("ignore-static-mac"),
        Name = line.Text("name"),
        Pod = line.Text("pod"),
        Ports = line.List("publish") is { Count: > 0 } ports ? [.. ports.Select(PortMappingParser.Parse)] : null,
        IgnoreRootFs = line.Flag("ignore-rootfs"),
        IgnoreVolumes = line.Flag("ignore-volumes"),
    };

    private static async Task<ContainerRestoration> ImportAsync(CommandContext context, string import, ContainerRestoreRequest request)
    {
        await using var archive = InputFile.Open(context.Caller.Resolve(import));
        await using var previous = context.Line.Text("import-previous") is { } path ? InputFile.Open(context.Caller.Resolve(path)) : null;
        return await context.Engine.ImportCheckpointAsync(archive, previous, request, context.Cancelled);
    }

    // A container is called as its caller calls it, as under podman; one that an image became has no other name yet than its id.
    private static bool IsCalled(string name, Container container) => container.Name == name || container.Id.StartsWith(name, StringComparison.Ordinal);

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
