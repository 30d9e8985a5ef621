using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Podman;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>A checkpoint's archive, unpacked in the store's own place for such things: on the same file system as containers' directories, and nobody's
/// burden if this process is killed. What isn't a member that podman or we write is passed over; what no honest archive has is refused.</summary>
internal sealed class UnpackedCheckpoint : IDisposable
{
    private const uint PrivateFile = 0x180; // 0600
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const int LongestText = 64 << 20;

    private readonly StagingDirectory staging;
    private readonly Dictionary<string, string> digests = new(StringComparer.Ordinal);
    private readonly HashSet<string> links = new(StringComparer.Ordinal);

    private UnpackedCheckpoint(StagingDirectory staging) => this.staging = staging;

    /// <summary>The container that it is of.</summary>
    internal CheckpointDefinition Definition { get; private set; } = null!;

    /// <summary>The namespaces (<c>net</c>, <c>ipc</c> ...) that it shared with another container, that of its pod.</summary>
    internal IReadOnlySet<string> Shared { get; private set; } = new HashSet<string>();

    /// <summary>The volumes whose content is in it.</summary>
    internal IEnumerable<string> Volumes => digests.Keys.Where(name => name.StartsWith(CheckpointMembers.Volumes + "/", StringComparison.Ordinal))
        .Select(name => CheckpointMembers.VolumeOf(name[(CheckpointMembers.Volumes.Length + 1)..])!);

    /// <summary>Whether its images go on from those of a first round.</summary>
    internal bool NeedsPrevious => links.Contains($"{CheckpointMembers.Images}/{CheckpointMembers.Parent}");

    /// <summary>Whether that first round is in it.</summary>
    internal bool HasPrevious => digests.ContainsKey($"{CheckpointMembers.PreImages}/inventory.img");

    /// <summary>Where a member is; null where there is none.</summary>
    internal string? Find(string name) => Path.Combine(staging.Path, name) is var path && (digests.ContainsKey(name) || name is CheckpointMembers.Images or CheckpointMembers.PreImages)
        && Path.Exists(path) ? path : null;

    /// <summary>Unpacks an archive, plain or compressed with gzip or zstd.</summary>
    /// <param name="staging">Where to; it goes with what is returned, or with the failure.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="previous">The archive of the first round; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is damaged, hostile or no checkpoint.</exception>
    internal static UnpackedCheckpoint Unpack(StagingDirectory staging, Stream archive, Stream? previous, CancellationToken cancellationToken)
    {
        var unpacked = new UnpackedCheckpoint(staging);
        try
        {
            unpacked.Extract(archive, _ => true, cancellationToken);
            if (previous is not null)
                unpacked.Extract(previous, name => name.StartsWith(CheckpointMembers.PreImages + "/", StringComparison.Ordinal), cancellationToken);
            unpacked.Check(previous is not null);
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => staging.Dispose();

    private void Check(bool hasPrevious)
    {
        if (ReadText(CheckpointMembers.Configuration) is not { } configuration || ReadText(CheckpointMembers.Specification) is not { } specification)
            throw NoCheckpoint($"it has no {CheckpointMembers.Configuration} with a {CheckpointMembers.Specification}");
        if (!digests.ContainsKey($"{CheckpointMembers.Images}/inventory.img"))
            throw NoCheckpoint(HasPrevious ? "it has a first round only (--pre-checkpoint)" : "it has no whole images of CRIU's");
        if (NeedsPrevious && !HasPrevious)
            throw NoCheckpoint(hasPrevious ? "the archive of the first round has none" : "its images go on from a first round", "give the archive of the first round (--import-previous, -PreviousPath)");
        Definition = CheckpointDefinition.Read(configuration, specification);
        using var document = JsonDocument.Parse(specification);
        Shared = document.RootElement.Items("linux", "namespaces").Select(item => item.Text("path").Split('/')).Where(path => path is ["", "proc", _, "ns", _])
            .Select(path => path[4]).ToHashSet(StringComparer.Ordinal);
    }

    private byte[]? ReadText(string name)
    {
        if (Find(name) is not { } path)
            return null;
        if (new FileInfo(path).Length > LongestText)
            throw TarError.Contradiction(Encoding.UTF8.GetBytes(name), "it is too large");
        return Files.TryReadAll(path);
    }

    private static ContainerEngineException NoCheckpoint(string why, string remedy = "give an archive that container checkpoint --export has made") =>
        new(ErrorKind.DataCorrupt, "CheckpointIncomplete", $"the archive can't be restored from: {why}", null, remedy);

    private void Extract(Stream archive, Func<string, bool> isWanted, CancellationToken cancellationToken) =>
        ArchiveInput.RunAsync(archive, (input, stop) => Extract(input, isWanted, stop), cancellationToken).GetAwaiter().GetResult();

    private void Extract(ITarInput input, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        using var root = Files.Open(staging.Path, OpenFlags.Directory);
        var reader = new TarReader(input, null);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        byte[]? expected = null;
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Encoding.UTF8.GetString(TarPath.Normalise(entry.Name));
            if (!IsMember(name, entry) || !isWanted(name) && name != CheckpointMembers.Digests)
                continue;
            if (entry.Type == TarEntryType.Symlink)
                Link(root, name, entry);
            else if (name == CheckpointMembers.Digests)
                expected = Content(reader, entry);
            else if (!seen.TryAdd(name, Write(root, reader, entry, name)))
                throw TarError.Contradiction(entry.Name, "it is there twice");
        }
        if (!reader.HasEndMark)
            throw TarError.Damaged("its end is missing");
        reader.Finish();
        if (expected is not null)
            Compare(expected, seen, isWanted);
        foreach (var (name, digest) in seen)
            digests[name] = digest;
    }

    // Directories are made for what is in them. Links lead to other files, whatever they are: the one that CRIU makes is made here anew.
    private static bool IsMember(string name, TarEntry entry)
    {
        if (entry.Type == TarEntryType.Directory)
            return false;
        var parts = name.Split('/');
        var isImage = parts is [CheckpointMembers.Images or CheckpointMembers.PreImages, _];
        if (entry.Type == TarEntryType.Symlink && isImage && parts[1] == CheckpointMembers.Parent)
            return true;
        var isMember = isImage || (parts.Length == 1 && CheckpointMembers.TopFiles.Contains(name))
            || (parts is [CheckpointMembers.Volumes, var volume] && CheckpointMembers.VolumeOf(volume) is not null);
        if (isMember && entry.Type != TarEntryType.File)
            throw TarError.Contradiction(entry.Name, "it is no plain file");
        return isMember;
    }

    private void Link(SafeFileHandle root, string name, TarEntry entry)
    {
        if (!entry.LinkName.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(CheckpointMembers.ParentTarget)) || name.StartsWith(CheckpointMembers.PreImages, StringComparison.Ordinal))
            throw TarError.Contradiction(entry.Name, "it leads elsewhere");
        MakeDirectoryOf(root, name);
        LinuxError.Check(Files.TryMakeSymlink(CheckpointMembers.ParentTarget, root, name), "make", name);
        links.Add(name);
    }

    private static string Write(SafeFileHandle root, TarReader reader, TarEntry entry, string name)
    {
        MakeDirectoryOf(root, name);
        var errno = Files.TryOpenAt(root, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, PrivateFile, out var file);
        if (errno == Errno.Exists)
            throw TarError.Contradiction(entry.Name, "it is there twice");
        LinuxError.Check(errno, "make", name);
        using (file)
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            while (reader.ReadData(int.MaxValue) is { IsEmpty: false } data)
            {
                Files.Write(file!, data, name);
                hash.AppendData(data);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    private static void MakeDirectoryOf(SafeFileHandle root, string name)
    {
        if (name.IndexOf('/') is > 0 and var slash && Files.TryMakeDirectory(root, name[..slash], PrivateDirectory) is var errno and not Errno.Exists)
            LinuxError.Check(errno, "make", name[..slash]);
    }

    private static byte[] Content(TarReader reader, TarEntry entry)
    {
        if (entry.Size > LongestText)
            throw TarError.Contradiction(entry.Name, "it is too large");
        using var content = new MemoryStream((int)entry.Size);
        while (reader.ReadData(int.MaxValue) is { IsEmpty: false } data)
            content.Write(data);
        return content.ToArray();
    }

    private static void Compare(byte[] expected, Dictionary<string, string> found, Func<string, bool> isWanted)
    {
        var known = 0;
        try
        {
            using var document = JsonDocument.Parse(expected);
            foreach (var entry in document.RootElement.EnumerateObject().Where(entry => isWanted(entry.Name)))
            {
                if (!found.TryGetValue(entry.Name, out var digest) || entry.Value.GetString() != "sha256:" + digest)
                    throw TarError.Damaged($"{entry.Name} is not what it was when the archive was written");
                known++;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw TarError.Damaged($"{CheckpointMembers.Digests} can't be read");
        }
        if (known != found.Count)
            throw TarError.Damaged("it has more in it than when it was written");
    }
}
