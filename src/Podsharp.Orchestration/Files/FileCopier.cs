using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Files;

/// <summary>Copies files between containers, and between a container and this host, by podman's rules (podman-cp(1)).</summary>
/// <param name="engine">The containers' engine.</param>
/// <param name="host">This host's files.</param>
/// <param name="caller">What relative paths of this host start from.</param>
public sealed class FileCopier(IContainerEngine engine, IHostFiles host, CallerContext caller)
{
    /// <summary>Copies a file, or a directory with all that is in it.</summary>
    /// <returns>The absolute path of what was made, or of the directory whose content grew; on the target's side.</returns>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument for what can't be put there; NameInUse for a directory in a file's place.</exception>
    public async Task<string> CopyAsync(FileLocation source, FileLocation target, FileUnpackOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Container is null && target.Container is null)
            throw EngineErrors.InvalidArgument("one of source and destination must be in a container", target.Path, "write CONTAINER:PATH for it");
        var from = await FindAsync(source, cancellationToken);
        var (directory, name) = await AimAsync(from, target, cancellationToken);
        Func<Stream, CancellationToken, Task> make = (archive, stop) => ReadAsync(source, from.Path, name, archive, stop);
        Func<Stream, CancellationToken, Task> take = (archive, stop) => WriteAsync(target, directory, archive, options, stop);
        if (await IsSameContainerAsync(source, target, cancellationToken))
            await ArchivePipe.RunInTurnAsync(make, take, cancellationToken);
        else
            await ArchivePipe.RunAsync(make, take, cancellationToken);
        return name.Length == 0 ? FileNames.Trim(directory) : FileNames.Trim(directory).TrimEnd('/') + "/" + name;
    }

    /// <summary>Writes a file of a container, or a directory with all that is in it, to a stream as a tar.</summary>
    public async Task ExportAsync(FileLocation source, Stream archive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var from = await FindAsync(source, cancellationToken);
        await ReadAsync(source, from.Path, OwnName(from), archive, cancellationToken);
    }

    /// <summary>Unpacks a tar (plain, gzip or zstd) into a directory of a container.</summary>
    public async Task ImportAsync(Stream archive, FileLocation target, FileUnpackOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var to = await StatAsync(target, target.FullPath(caller), cancellationToken);
        if (!to.Exists && FileNames.EndingOf(target.Path) == "/")
            throw NotFound(target);
        if (to is not { Exists: true, Kind: FileKind.Directory })
            throw EngineErrors.InvalidArgument("destination must be a directory when copying from stdin", target.Path, "name a directory of the container");
        await WriteAsync(target, to.Path, archive, options, cancellationToken);
    }

    private async Task<FilePathStatus> FindAsync(FileLocation source, CancellationToken cancellationToken)
    {
        var status = await StatAsync(source, source.FullPath(caller), cancellationToken);
        return status.Exists ? status : throw NotFound(source);
    }

    /// <summary>The directory to write to, and what the source is called there.</summary>
    private async Task<(string Directory, string Name)> AimAsync(FilePathStatus from, FileLocation target, CancellationToken cancellationToken)
    {
        var to = await StatAsync(target, target.FullPath(caller), cancellationToken);
        var isNew = !to.Exists;
        var name = FileNames.NameOf(to.Path);
        if (isNew)
        {
            // What isn't there is made in its directory, which must be.
            if (FileNames.EndingOf(target.Path).Length > 0)
                throw NotFound(target);
            to = await StatAsync(target, FileNames.ParentOf(to.Path), cancellationToken);
            if (to is not { Exists: true, Kind: FileKind.Directory })
                throw NotFound(target);
        }
        if (target.Container is null && to.Kind == FileKind.Other)
            throw EngineErrors.InvalidArgument($"invalid destination: \"{target.Path}\" must be a directory or a regular file", target.Path, "name another");
        if (to.Kind == FileKind.Directory)
            return (to.Path, isNew ? name : OwnName(from));
        return from.Kind != FileKind.Directory ? (FileNames.ParentOf(to.Path), name)
            : throw EngineErrors.InvalidArgument("destination must be a directory when copying a directory", target.Path, "name a directory, or a new path");
    }

    // A directory that ends in "/." gives its content.
    private static string OwnName(FilePathStatus from) =>
        from.Kind == FileKind.Directory && FileNames.EndingOf(from.Path) == "/." ? "" : FileNames.NameOf(from.Path);

    private async Task<bool> IsSameContainerAsync(FileLocation source, FileLocation target, CancellationToken cancellationToken)
    {
        if (source.Container is null || target.Container is null)
            return false;
        var first = await engine.InspectContainerAsync(source.Container, cancellationToken: cancellationToken);
        var second = await engine.InspectContainerAsync(target.Container, cancellationToken: cancellationToken);
        return first.Container.Id == second.Container.Id;
    }

    private Task<FilePathStatus> StatAsync(FileLocation location, string path, CancellationToken cancellationToken) => location.Container is { } container
        ? engine.StatContainerPathAsync(container, path, cancellationToken)
        : host.StatAsync(path, cancellationToken);

    private Task ReadAsync(FileLocation location, string path, string name, Stream archive, CancellationToken cancellationToken) => location.Container is { } container
        ? engine.ReadContainerFilesAsync(container, path, name, archive, cancellationToken)
        : host.ReadAsync(path, name, archive, cancellationToken);

    private Task WriteAsync(FileLocation location, string directory, Stream archive, FileUnpackOptions options, CancellationToken cancellationToken) =>
        location.Container is { } container
            ? engine.WriteContainerFilesAsync(container, directory, archive, options, cancellationToken)
            : host.WriteAsync(directory, archive, options, cancellationToken);

    private static ContainerEngineException NotFound(FileLocation location) => new(ErrorKind.NotFound, "FileNotFound",
        $"\"{location.Path}\" could not be found on {location.Where}: no such file or directory", location.Path);
}
