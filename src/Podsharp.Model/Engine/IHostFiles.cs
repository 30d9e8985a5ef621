namespace Podsharp.Model;

/// <summary>The files of the caller's host as archives: the other side of a container's
/// (<see cref="IContainerEngine.ReadContainerFilesAsync"/>), whose engine may be on another host. All paths are absolute.</summary>
public interface IHostFiles
{
    /// <summary>What is at a path; links are followed.</summary>
    Task<FilePathStatus> StatAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Writes a file, or a directory with all that is in it, to a stream as a tar.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entryName">What it is called in the archive; empty for a directory's content without itself.</param>
    /// <param name="archive">Where to write.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task ReadAsync(string path, string entryName, Stream archive, CancellationToken cancellationToken = default);

    /// <summary>Unpacks a tar into a directory that is there. Devices are left out.</summary>
    Task WriteAsync(string directory, Stream archive, FileUnpackOptions options, CancellationToken cancellationToken = default);
}
