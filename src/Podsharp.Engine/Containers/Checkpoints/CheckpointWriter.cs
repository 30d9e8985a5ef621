using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Writes members of a checkpoint's archive, and their digests at its end: CRIU takes a damaged image for what the processes had in memory.</summary>
internal sealed class CheckpointWriter(Stream target, CancellationToken cancellationToken)
{
    private const uint PrivateFile = 0x180; // 0600
    private const uint PrivateDirectory = 0x1C0; // 0700

    private readonly TarWriter tar = new(target);
    private readonly byte[] buffer = new byte[256 * 1024];
    private readonly SortedDictionary<string, string> digests = new(StringComparer.Ordinal);
    private readonly FileTime now = new(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 0);

    /// <summary>Adds a directory.</summary>
    internal void AddDirectory(string name) => tar.Add(Entry(name, TarEntryType.Directory, 0));

    /// <summary>Adds a file.</summary>
    internal void Add(string name, ReadOnlySpan<byte> content)
    {
        tar.Add(Entry(name, TarEntryType.File, content.Length));
        tar.Write(content);
        digests.Add(name, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    /// <summary>Adds a file of the host, if it is there.</summary>
    internal void AddFile(string name, string path)
    {
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly | OpenFlags.NoFollow, 0, out var file) != Errno.None)
            return;
        using (file)
            AddFile(name, file!);
    }

    /// <summary>Adds what a function writes.</summary>
    /// <param name="name">The member.</param>
    /// <param name="scratch">A file that is made for it, and removed: a tar wants to know a size before the content.</param>
    /// <param name="write">Writes it.</param>
    internal void AddWritten(string name, string scratch, Action<Stream> write)
    {
        using var spool = new FileStream(scratch, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        write(spool);
        spool.Flush();
        spool.Position = 0;
        AddFile(name, spool.SafeFileHandle);
    }

    /// <summary>Adds a directory of CRIU's images.</summary>
    internal void AddImages(string name, string path)
    {
        AddDirectory(name);
        using var directory = Files.Open(path, OpenFlags.Directory | OpenFlags.NoFollow);
        var entries = Files.ReadDirectory(directory);
        entries.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        foreach (var entry in entries)
        {
            var member = $"{name}/{Encoding.UTF8.GetString(entry.Name)}";
            using var file = Files.OpenAt(directory, entry.Name.AsSpan(), OpenFlags.Path | OpenFlags.NoFollow);
            var status = Files.Status(file);
            if (status.IsSymlink)
                tar.Add(Entry(member, TarEntryType.Symlink, 0) with { LinkName = Encoding.ASCII.GetBytes(CheckpointMembers.ParentTarget) });
            else if (status.IsRegular)
                using (var content = Files.OpenAt(directory, entry.Name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.NoFollow))
                    AddFile(member, content);
        }
    }

    /// <summary>Adds the digests, and ends the archive.</summary>
    internal void Finish()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            foreach (var (name, digest) in digests)
                json.WriteString(name, "sha256:" + digest);
            json.WriteEndObject();
        }
        tar.Add(Entry(CheckpointMembers.Digests, TarEntryType.File, text.Length));
        tar.Write(text.GetBuffer().AsSpan(0, (int)text.Length));
        tar.Finish();
    }

    // A log may grow meanwhile: what was there at the beginning counts.
    private void AddFile(string name, SafeFileHandle file)
    {
        var size = Files.Status(file).Size;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        tar.Add(Entry(name, TarEntryType.File, size));
        for (var rest = size; rest > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Files.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, rest)), name);
            if (count == 0)
                throw new IOException($"{name} has become shorter while it was read");
            tar.Write(buffer.AsSpan(0, count));
            hash.AppendData(buffer, 0, count);
            rest -= count;
        }
        digests.Add(name, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private TarEntry Entry(string name, TarEntryType type, long size) => new()
    {
        Name = Encoding.UTF8.GetBytes(name),
        Type = type,
        Size = size,
        Mode = type == TarEntryType.Directory ? PrivateDirectory : PrivateFile,
        Modified = now,
        Accessed = now,
    };
}
