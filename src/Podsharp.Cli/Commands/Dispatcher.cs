using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Cli.Commands;

/// <summary>Calls what does a command.</summary>
internal static class Dispatcher
{
    internal static Task<int> RunAsync(CommandContext context)
    {
        if (context.Line.HelpWanted)
        {
            context.Out.Write(HelpPage.Command(context.Line.Command, context.Line.Path));
            return Task.FromResult(0);
        }
        return context.Line.Command.Id switch
        {
            CommandId.Run => RunCommands.RunAsync(context),
            CommandId.Create => RunCommands.CreateAsync(context),
            CommandId.Exec => ExecCommands.ExecAsync(context),
            CommandId.Attach => AttachCommands.AttachAsync(context),
            CommandId.Start => AttachCommands.StartAsync(context),
            CommandId.Stop => LifeCycleCommands.StopAsync(context),
            CommandId.Restart => LifeCycleCommands.RestartAsync(context),
            CommandId.Init => LifeCycleCommands.InitAsync(context),
            CommandId.Pause => LifeCycleCommands.PauseAsync(context),
            CommandId.Unpause => LifeCycleCommands.UnpauseAsync(context),
            CommandId.Rename => LifeCycleCommands.RenameAsync(context),
            CommandId.Update => LifeCycleCommands.UpdateAsync(context),
            CommandId.BootUnit => SystemCommands.BootUnitAsync(context),
            CommandId.Supervise => SystemCommands.SuperviseAsync(context),
            CommandId.Port => ListCommands.PortsAsync(context),
            CommandId.ContainerPrune => LifeCycleCommands.PruneAsync(context),
            CommandId.Kill => LifeCycleCommands.KillAsync(context),
            CommandId.Wait => LifeCycleCommands.WaitAsync(context),
            CommandId.HealthCheck => LifeCycleCommands.HealthCheckAsync(context),
            CommandId.Remove => LifeCycleCommands.RemoveAsync(context),
            CommandId.Cleanup => LifeCycleCommands.CleanupAsync(context),
            CommandId.List => ListCommands.ContainersAsync(context),
            CommandId.Images => ListCommands.ImagesAsync(context),
            CommandId.Inspect or CommandId.ContainerInspect or CommandId.ImageInspect or CommandId.VolumeInspect or CommandId.NetworkInspect => InspectCommands.InspectAsync(context),
            CommandId.ContainerExists or CommandId.ImageExists or CommandId.VolumeExists or CommandId.NetworkExists => InspectCommands.ExistsAsync(context),
            CommandId.Logs => WatchCommands.LogsAsync(context),
            CommandId.Top => WatchCommands.TopAsync(context),
            CommandId.Stats => WatchCommands.StatsAsync(context),
            CommandId.Events => WatchCommands.EventsAsync(context),
            CommandId.Diff or CommandId.ContainerDiff or CommandId.ImageDiff => FileCommands.DiffAsync(context),
            CommandId.Copy => CopyCommands.CopyAsync(context),
            CommandId.Clone => CloneCommands.CloneAsync(context),
            CommandId.RunLabel => RunLabelCommands.RunAsync(context),
            CommandId.Commit => CommitCommands.CommitAsync(context),
            CommandId.Export => FileCommands.ExportAsync(context),
            CommandId.Mount => FileCommands.MountAsync(context),
            CommandId.Unmount => FileCommands.UnmountAsync(context),
            CommandId.Pull => ImageCommands.PullAsync(context),
            CommandId.Push => ImageCommands.PushAsync(context),
            CommandId.Import => ImageCommands.ImportAsync(context),
            CommandId.History => LayerCommands.HistoryAsync(context),
            CommandId.ImageTree => LayerCommands.TreeAsync(context),
            CommandId.ImageMount => LayerCommands.MountAsync(context),
            CommandId.ImageUnmount => LayerCommands.UnmountAsync(context),
            CommandId.ImagePrune => LayerCommands.PruneAsync(context),
            CommandId.Load => ArchiveCommands.LoadAsync(context),
            CommandId.Save => ArchiveCommands.SaveAsync(context),
            CommandId.ImageRemove => ImageCommands.RemoveAsync(context),
            CommandId.Tag => ImageCommands.TagAsync(context),
            CommandId.Untag => ImageCommands.UntagAsync(context),
            CommandId.NetworkCreate => NetworkCommands.CreateAsync(context),
            CommandId.NetworkList => NetworkCommands.ListAsync(context),
            CommandId.NetworkRemove => NetworkCommands.RemoveAsync(context),
            CommandId.NetworkPrune => NetworkCommands.PruneAsync(context),
            CommandId.NetworkConnect => NetworkCommands.ConnectAsync(context),
            CommandId.NetworkDisconnect => NetworkCommands.DisconnectAsync(context),
            CommandId.NetworkReload => NetworkCommands.ReloadAsync(context),
            CommandId.NetworkUpdate => NetworkCommands.UpdateAsync(context),
            CommandId.SecretCreate => SecretCommands.CreateAsync(context),
            CommandId.SecretList => SecretCommands.ListAsync(context),
            CommandId.SecretInspect => SecretCommands.InspectAsync(context),
            CommandId.SecretRemove => SecretCommands.RemoveAsync(context),
            CommandId.SecretExists => SecretCommands.ExistsAsync(context),
            CommandId.VolumeCreate => VolumeCommands.CreateAsync(context),
            CommandId.VolumeList => VolumeCommands.ListAsync(context),
            CommandId.VolumeRemove => VolumeCommands.RemoveAsync(context),
            CommandId.DiskUsage => UpkeepCommands.DiskUsageAsync(context),
            CommandId.ImportPodmanContainer => PodmanCommands.ImportContainersAsync(context),
            CommandId.ImportPodmanVolume => PodmanCommands.ImportVolumesAsync(context),
            CommandId.Check => CheckCommands.CheckAsync(context),
            CommandId.SystemPrune => UpkeepCommands.PruneAsync(context),
            CommandId.VolumePrune => UpkeepCommands.PruneVolumesAsync(context),
            CommandId.Login => RegistryCommands.LoginAsync(context),
            CommandId.Logout => RegistryCommands.LogoutAsync(context),
            CommandId.Info => SystemCommands.InfoAsync(context),
            CommandId.Version => SystemCommands.VersionAsync(context),
            CommandId.Completion => SystemCommands.CompletionAsync(context),
            CommandId.Complete => CompletionAnswer.AnswerAsync(context),
            _ => SystemCommands.HelpAsync(context),
        };
    }
}
