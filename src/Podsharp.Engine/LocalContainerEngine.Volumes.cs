using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Volumes.</content>
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ContainerVolume> ListVolumesAsync(VolumeQuery query, CancellationToken cancellationToken) =>
        Sequence(() => new Volumes.VolumeFilter(query.Filters, parts.Volumes).Apply(parts.Volumes.List()), cancellationToken);

    public Task<ContainerVolume> InspectVolumeAsync(string name, CancellationToken cancellationToken) => Run(() => parts.Volumes.Get(name), cancellationToken);

    public Task<ContainerVolume> CreateVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken) =>
        Run(() => parts.VolumeMaker.Create(spec, cancellationToken), cancellationToken);

    public Task RemoveVolumeAsync(string name, bool force, int? timeout, CancellationToken cancellationToken) =>
        Run(() => parts.Remover.RemoveVolume(name, force, timeout, cancellationToken), cancellationToken);

    public Task ExportVolumeAsync(string name, Stream target, CancellationToken cancellationToken) =>
        RunWaiting(() =>
        {
            parts.VolumeContents.Export(name, target, cancellationToken);
            return true;
        }, cancellationToken);

    public Task ImportVolumeAsync(string name, Stream archive, CancellationToken cancellationToken) =>
        Task.Run(() => parts.VolumeContents.ImportAsync(name, archive, cancellationToken), cancellationToken);

    public Task<ContainerVolume> MountVolumeAsync(string name, CancellationToken cancellationToken) => Run(() =>
    {
        var volume = parts.Volumes.Get(name);
        parts.VolumeMounts.Acquire(volume.Name, Volumes.VolumeMounts.People, cancellationToken);
        return parts.Volumes.Get(volume.Name);
    }, cancellationToken);

    public Task<ContainerVolume> UnmountVolumeAsync(string name, CancellationToken cancellationToken) => Run(() =>
    {
        var volume = parts.Volumes.Get(name);
        parts.VolumeMounts.Release(volume.Name, Volumes.VolumeMounts.People, cancellationToken);
        return parts.Volumes.Get(volume.Name);
    }, cancellationToken);

    public Task ReloadVolumesAsync(CancellationToken cancellationToken) => Run(() => parts.VolumeMounts.Reload(cancellationToken), cancellationToken);
}
