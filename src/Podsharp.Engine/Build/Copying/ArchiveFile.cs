using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Copying;

/// <summary>A local archive that ADD unpacks: a tar, plain or compressed with gzip, zstd, or, by the host's programs for that, xz or bzip2.</summary>
internal sealed class ArchiveFile : IDisposable
{
    private const int HeaderSize = 512;
    private int program;

    private ArchiveFile(Stream content, int program)
    {
        Content = content;
        this.program = program;
    }

    /// <summary>Its bytes: those of a tar, or compressed in a way that can be read here.</summary>
    internal Stream Content { get; }

    /// <summary>Whether a file is such an archive: its content tells, never its name.</summary>
    internal static bool IsArchive(FileTree tree, string path, Func<string, string?> findProgram)
    {
        using var file = tree.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (file is null || !Files.Status(file).IsRegular)
            return false;
        var start = new byte[HeaderSize];
        var count = Files.Read(file, start);
        var compression = Decompression.Detect(start.AsSpan(0, count));
        if (compression == LayerCompression.None)
            return count == HeaderSize && IsHeader(start);
        try
        {
            using var archive = Open(tree, path, findProgram);
            using var plain = compression switch
            {
                LayerCompression.Gzip => new GZipStream(archive.Content, CompressionMode.Decompress, leaveOpen: true),
                // Nobody compresses with it anything but archives.
                LayerCompression.Zstd => null,
                _ => archive.Content,
            };
            return plain is null || (plain.ReadAtLeast(start, HeaderSize, throwOnEndOfStream: false) == HeaderSize && IsHeader(start));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="ContainerEngineException">The host has no program to unpack it (<c>MissingComponent</c>).</exception>
    internal static ArchiveFile Open(FileTree tree, string path, Func<string, string?> findProgram)
    {
        var handle = tree.TryOpen(path, OpenFlags.ReadOnly) ?? throw new ContainerEngineException(ErrorKind.NotFound, "CopySourceNotFound", $"{RawPath.ToText(path)} has gone", RawPath.ToText(path));
        var start = new byte[6];
        var count = Files.ReadAt(handle, start, 0);
        return Decompression.Detect(start.AsSpan(0, count)) switch
        {
            LayerCompression.Xz => Through(findProgram("xz") ?? throw EngineErrors.MissingComponent("xz", $"to unpack {RawPath.ToText(path)}", "xz-utils"), handle),
            LayerCompression.Bzip2 => Through(findProgram("bzip2") ?? throw EngineErrors.MissingComponent("bzip2", $"to unpack {RawPath.ToText(path)}", "bzip2"), handle),
            _ => new(new FileStream(handle, FileAccess.Read, 0), 0),
        };
    }

    /// <summary>Checks that a program that unpacked it found it whole.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt.</exception>
    internal void Finish()
    {
        if (program == 0)
            return;
        Content.Dispose();
        var end = Processes.Wait(program);
        program = 0;
        if (!end.Succeeded)
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArchiveCorrupt", "the archive is damaged: it can't be decompressed");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        if (program == 0)
            return;
        Processes.Kill(program, Signals.Kill);
        Processes.Wait(program);
    }

    private static ArchiveFile Through(string executable, SafeHandle file)
    {
        var (reader, writer) = Descriptors.Pipe();
        using (file)
        using (writer)
        using (var nowhere = Files.Open("/dev/null", OpenFlags.WriteOnly))
        {
            var pid = Processes.Spawn(new() { Path = executable, Arguments = [executable, "-dc"], Descriptors = new Dictionary<int, SafeHandle> { [0] = file, [1] = writer, [2] = nowhere } });
            return new(new FileStream(reader, FileAccess.Read, 0), pid);
        }
    }

    // ustar(5): the sum of the header's bytes, its own field counted as blanks.
    private static bool IsHeader(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < HeaderSize; i++)
            sum += i is >= 148 and < 156 ? ' ' : header[i];
        var text = Encoding.ASCII.GetString(header.Slice(148, 8)).Trim('\0', ' ');
        try
        {
            return text.Length > 0 && Convert.ToInt32(text, 8) == sum;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
