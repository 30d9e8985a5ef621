using System.Runtime.CompilerServices;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

/// <summary>Defines podman's containers and volumes here, too. podman's database is read only.</summary>
internal sealed class PodmanImporter(EngineParts parts)
{
    /// <summary>Defines containers. Their files stay with podman: a new container begins with its image's.</summary>
    /// <exception cref="ContainerEngineException">NotFound: the database, or one that was named.</exception>
    public async IAsyncEnumerable<PodmanImportResult> ImportContainersAsync(PodmanImportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var database = await Task.Run(() => Open(request), cancellationToken);
        var rows = database.Containers();
        var pods = database.Pods();
        // Those that were imported before keep their place: others may share their namespaces.
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Choose(rows, request, "container"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await Task.Run(() => Import(row, request, pods, id => names.GetValueOrDefault(id) ?? NameHere(rows, id, request), cancellationToken), cancellationToken);
            if (result.Failure.Length == 0)
                names[row.Id] = result.Name;
            yield return result;
        }
    }

    /// <summary>Defines volumes, with their files if asked.</summary>
    /// <exception cref="ContainerEngineException">NotFound: the database, or one that was named.</exception>
    public async IAsyncEnumerable<PodmanImportResult> ImportVolumesAsync(PodmanImportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var database = await Task.Run(() => Open(request), cancellationToken);
        foreach (var row in Choose(database.Volumes(), request, "volume"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return await Task.Run(() => ImportVolume(row, request, database, cancellationToken), cancellationToken);
        }
    }

    private PodmanDatabase Open(PodmanImportRequest request) =>
        PodmanDatabase.Open(request.Database ?? Path.Combine(parts.StorageConfiguration.GraphRoot, "db.sql"));

    private static List<PodmanRow> Choose(IReadOnlyList<PodmanRow> rows, PodmanImportRequest request, string what)
    {
        if (request.NewName is not null && request.Names.Count != 1)
            throw EngineErrors.InvalidArgument("a new name is for a single one", request.NewName, "name one, or use a prefix");
        if (request.Names.Count == 0)
            return [.. rows.Where(row => !IsInfra(row))];
        return [.. request.Names.Select(name => Single(rows, name, what)).DistinctBy(row => row.Id)];
    }

    private static PodmanRow Single(IReadOnlyList<PodmanRow> rows, string name, string what)
    {
        if (rows.FirstOrDefault(row => row.Name == name || row.Id == name) is { } exact)
            return exact;
        var found = name.Length == 0 ? [] : rows.Where(row => row.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new ContainerEngineException(ErrorKind.NotFound, what == "volume" ? "VolumeNotFound" : "ContainerNotFound", $"podman has no {what} \"{name}\"", name),
            _ => throw EngineErrors.Ambiguous($"{what} of podman's", name),
        };
    }

    private static bool IsInfra(PodmanRow row)
    {
        using var document = JsonDocument.Parse(row.Config);
        return document.RootElement.Flag("pause");
    }

    // One of an earlier import.
    private string? NameHere(IReadOnlyList<PodmanRow> rows, string podmanId, PodmanImportRequest request)
    {
        if (rows.FirstOrDefault(row => row.Id == podmanId)?.Name is not { } name)
            return null;
        return parts.Containers.FindByName(name) is not null ? name : parts.Containers.FindByName(request.Prefix + name) is not null ? request.Prefix + name : null;
    }

    private PodmanImportResult Import(PodmanRow row, PodmanImportRequest request, IReadOnlyDictionary<string, string> pods, Func<string, string?> containerOf,
        CancellationToken cancellationToken)
    {
        var result = new PodmanImportResult { Source = row.Name, Planned = request.DryRun };
        try
        {
            using var document = JsonDocument.Parse(row.Config);
            var config = document.RootElement;
            if (config.Flag("pause"))
                throw EngineErrors.Unsupported($"{row.Name} only holds the namespaces of a pod", row.Name, "import the pod's other containers");
            var (image, imageWarning) = FindImage(config);
            var mapper = new PodmanSpecMapper(config, image is null ? new ImageConfig() : parts.Images.ReadConfig(parts.Images.Get(image).Image).ToModel(), parts.Conf);
            var networks = parts.Networks.Store.List().Where(network => network.IsOwn).Select(network => network.Name).ToHashSet();
            var name = request.NewName ?? (IsContainerNameFree(row.Name) ? row.Name : request.Prefix + row.Name);
            var spec = mapper.Map(networks, containerOf) with { Name = name, Image = image ?? "", RootFs = image is null ? config.Text("rootfs") : null };
            List<string> warnings = [.. imageWarning, .. mapper.Warnings, .. VolumeWarnings(spec)];
            if (config.Text("pod") is { Length: > 0 } pod)
                warnings.Add($"it is in the pod {pods.GetValueOrDefault(pod, pod)}; here it is on its own");
            result = result with { Name = name, Warnings = warnings };
            if (request.DryRun)
                return result;
            var made = parts.Creator.Create(spec, cancellationToken);
            return result with { Container = made.Container, Warnings = [.. warnings, .. made.Warnings] };
        }
        // One that can't be imported must not keep the others.
        catch (Exception error) when (error is ContainerEngineException or JsonException)
        {
            return result with { Failure = error.Message };
        }
    }

    private (string? Image, IReadOnlyList<string> Warnings) FindImage(JsonElement config)
    {
        var (id, name) = (config.Text("rootfsImageID"), config.Text("rootfsImageName"));
        if (id.Length == 0)
            return config.Text("rootfs").Length > 0 ? (null, []) : throw EngineErrors.ImageNotFound(name);
        if (name.Length > 0 && parts.Images.Find(name)?.Image.Id == id)
            return (name, []);
        if (parts.Images.Find(id) is null)
            throw EngineErrors.ImageNotFound(name.Length > 0 ? name : id);
        return (id, name.Length == 0 ? [] : [$"the name {name} means another image by now: the image is taken by its id"]);
    }

    private IEnumerable<string> VolumeWarnings(ContainerSpec spec)
    {
        var known = parts.Volumes.List().Select(volume => volume.Name).ToHashSet();
        return spec.Mounts.Where(mount => mount.Type == MountType.Volume && mount.Source.Length > 0 && !known.Contains(mount.Source))
            .Select(mount => $"the volume {mount.Source} is made, empty: import podman's first to have its files");
    }

    // The store's records are podman's, too, and no two may have one name.
    private bool IsContainerNameFree(string name) =>
        parts.Containers.FindByName(name) is null && !parts.Storage.ListContainers().Any(container => container.Names.Contains(name));

    private PodmanImportResult ImportVolume(PodmanRow row, PodmanImportRequest request, PodmanDatabase database, CancellationToken cancellationToken)
    {
        var result = new PodmanImportResult { Source = row.Name, Planned = request.DryRun };
        try
        {
            using var document = JsonDocument.Parse(row.Config);
            var config = document.RootElement;
            var warnings = new List<string>();
            if (config.Text("volumeDriver") is { Length: > 0 } driver and not "local")
                warnings.Add($"the volume driver {driver} is not carried over");
            foreach (var option in config.Members("options"))
                warnings.Add($"the volume option {option.Name} is not carried over");
            var copied = request.CopyData ? config.Text("mountPoint") : "";
            if (request.CopyData && copied.Length == 0)
                warnings.Add("there are no files to copy: the volume is made by its driver when it is mounted");
            else if (request.CopyData && database.IsInUse(row.Name))
                warnings.Add("a container of podman's is at work in it: what that writes meanwhile may be missing");
            var isTaken = parts.Volumes.List().Any(volume => volume.Name == row.Name);
            var name = request.NewName ?? (isTaken ? request.Prefix + row.Name : row.Name);
            result = result with { Name = name, Warnings = warnings };
            return request.DryRun ? result
                : result with { Volume = parts.Volumes.Import(name, config.Map("labels"), copied.Length > 0 ? copied : null, cancellationToken) };
        }
        catch (Exception error) when (error is ContainerEngineException or JsonException)
        {
            return result with { Failure = error.Message };
        }
    }
}
