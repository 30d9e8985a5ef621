using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Carries out a RUN: a container of what the stage has come to, whose changes become a layer.</summary>
/// <param name="job">The build.</param>
/// <param name="report">Gets what the command writes.</param>
internal sealed class RunStep(BuildJob job, Action<ImageBuildProgress> report)
{
    private const int TailLength = 4096;
    private static readonly string[] s_mountPoints = ["dev", "proc", "sys"];
    private readonly Queue<byte[]> tail = new();
    private int tailLength;

    private EngineParts Parts => job.Parts;

    /// <summary>Runs the command and stages the layer of what it has changed.</summary>
    /// <param name="spec">The container.</param>
    /// <param name="topLayer">The layer that it lies on.</param>
    /// <param name="staging">Gets the layer.</param>
    /// <param name="targets">Where files are mounted, from the root: what the runtime made there to mount on is no part of the layer.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BuildCommandException">The command failed.</exception>
    internal async Task RunAsync(ContainerSpec spec, string topLayer, LayerStaging staging, IReadOnlyCollection<string> targets, CancellationToken cancellationToken)
    {
        var created = Parts.Creator.Create(BuildContainers.WithMark(spec, job.Id), cancellationToken);
        foreach (var warning in created.Warnings)
            job.Warn(warning);
        try
        {
            MakeMountPoints(created.Container.Id, topLayer);
            var code = await RunAsync(created.Container.Id, cancellationToken);
            StepPoints.Reach("build.run.ended");
            if (code != 0)
                throw new BuildCommandException(code, System.Text.Encoding.UTF8.GetString([.. tail.SelectMany(part => part)]));
            Capture(created.Container.Id, topLayer, staging, targets, cancellationToken);
        }
        finally
        {
            Parts.Remover.Remove(created.Container.Id, new RemoveOptions { Force = true, Ignore = true, Volumes = true, Timeout = 0 }, CancellationToken.None);
        }
    }

    // As buildah does: what a runtime makes of them is another thing with each.
    private void MakeMountPoints(string id, string topLayer)
    {
        var upper = LayerOf(id).DirectoryPath + "/diff/";
        foreach (var name in s_mountPoints.Where(name => job.View(topLayer).TryStatus(name) is null))
            Files.MakeDirectory(upper + name, 0x1ED /* 0755 */);
    }

    private StoredLayer LayerOf(string id)
    {
        var stored = Parts.Storage.FindContainer(id) ?? throw EngineErrors.ContainerStorageLost(id, id);
        return Parts.Storage.FindLayer(stored.LayerId) ?? throw LayerStore.Missing(stored.LayerId);
    }

    private async Task<int> RunAsync(string id, CancellationToken cancellationToken)
    {
        await using var stream = Parts.Attacher.Attach(id, new AttachOptions { Input = job.Input is not null }, cancellationToken);
        Parts.Starter.Start(id, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = job.Input is null ? Task.CompletedTask : SendAsync(job.Input, stream, ended.Token);
        await foreach (var chunk in stream.ReadAllAsync(cancellationToken))
            Report(chunk);
        await ended.CancelAsync();
        await sending;
        return Parts.Stopper.Wait(id, [WaitCondition.Stopped], cancellationToken).ExitCode;
    }

    // What a command leaves unread is lost to the next one, as far as it was read ahead here.
    private static async Task SendAsync(Stream input, ContainerStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await input.ReadAsync(buffer, cancellationToken)) > 0;)
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            await stream.CloseInputAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ContainerEngineException)
        {
            // The command has ended, or closed its input.
        }
    }

    private void Report(OutputChunk chunk)
    {
        var bytes = chunk.Data.ToArray();
        report(new() { Stage = ImageBuildStage.Output, Output = bytes, IsError = chunk.Stream == OutputStream.Error });
        tail.Enqueue(bytes);
        tailLength += bytes.Length;
        while (tail.Count > 1 && tailLength - tail.Peek().Length >= TailLength)
            tailLength -= tail.Dequeue().Length;
    }

    private void Capture(string id, string topLayer, LayerStaging staging, IReadOnlyCollection<string> targets, CancellationToken cancellationToken)
    {
        var config = Parts.Containers.Get(id).Config;
        using var upper = Files.Open(LayerOf(id).DirectoryPath + "/diff", OpenFlags.Directory);
        var leftOut = MountStubs.Find(new FileTree(upper), job.View(topLayer), targets);
        var rules = new LayerRules(LayerChanges.OpaqueAttribute(Parts.StorageConfiguration.Rootless), leftOut);
        Images.TreeCapture.Run(staging, (tar, stop) =>
        {
            var writer = new TarWriter(tar);
            new TreeArchiver(writer, stop, rules) { UserMap = config.UserIdMap, GroupMap = config.GroupIdMap, Times = job.Times }.AddContent(upper, []);
            writer.Finish();
        }, cancellationToken);
    }
}
