using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Storage;

/// <summary>Compares a layer's files with the tar that it was made of: content by check sum, and each entry's kind, owner, permissions, size
/// and time; and finds files that the tar doesn't have.</summary>
internal sealed class LayerContents
{
    private const int MaximumProblems = 10;

    private readonly StoredLayer layer;
    private readonly bool compareOwners;
    private readonly Dictionary<string, TarEntry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> whiteouts = new(StringComparer.Ordinal);
    private readonly HashSet<string> parents = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];

    private LayerContents(StoredLayer layer, bool compareOwners)
    {
        this.layer = layer;
        this.compareOwners = compareOwners;
    }

    /// <summary>What is wrong, a phrase each; at most ten.</summary>
    /// <param name="layer">A layer with a digest.</param>
    /// <param name="tar">Its tar, as <see cref="TarSplitStream"/> rebuilds it.</param>
    /// <param name="compareOwners">Whether owners and permissions are kept as the tar has them in this store.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Model.ContainerEngineException">DataCorrupt: the tar can't be rebuilt.</exception>
    internal static IReadOnlyList<string> Check(StoredLayer layer, Stream tar, bool compareOwners, CancellationToken cancellationToken)
    {
        var contents = new LayerContents(layer, compareOwners && !layer.IsMapped);
        contents.ReadTar(tar, cancellationToken);
        if (contents.problems.Count == 0)
            contents.CompareFiles(cancellationToken);
        return contents.problems;
    }

    private void ReadTar(Stream tar, CancellationToken cancellationToken)
    {
        using var input = new HashedInput(tar);
        var reader = new TarReader(input, null);
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Note(entry);
        }
        reader.Finish();
        if (layer.DiffDigest != input.Digest())
            problems.Add("its content has another digest than it was stored with");
        else if (layer.DiffSize is >= 0 and var size && size != input.Length)
            problems.Add($"its content has {input.Length} bytes instead of {size}");
    }

    private void Note(TarEntry entry)
    {
        var path = Key(TarPath.Normalise(entry.Name));
        if (path.Length == 0)
            return;
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name == ".wh..wh..opq")
            return;
        if (name.StartsWith(".wh.", StringComparison.Ordinal))
            whiteouts.Add(path[..^name.Length] + name[4..]);
        else
            entries[path] = entry;
        for (var slash = path.LastIndexOf('/'); slash > 0 && parents.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1))
        {
        }
    }

    private void CompareFiles(CancellationToken cancellationToken)
    {
        var missing = new HashSet<string>(entries.Keys.Concat(whiteouts), StringComparer.Ordinal);
        using var root = Files.Open(layer.DirectoryPath + "/diff", OpenFlags.Directory);
        var pending = new Stack<string>();
        pending.Push("");
        while (problems.Count < MaximumProblems && pending.TryPop(out var path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var directory = path.Length == 0 ? Files.Open(layer.DirectoryPath + "/diff", OpenFlags.Directory) : TryOpen(root, path);
            if (directory is null)
                continue;
            foreach (var entry in Files.ReadDirectory(directory))
            {
                var full = path.Length == 0 ? Key(entry.Name) : $"{path}/{Key(entry.Name)}";
                if (Files.TryStatus(directory, entry.Name.AsSpan(), followLink: false, out var status) != Errno.None)
                    continue;
                missing.Remove(full);
                Compare(full, status);
                if (status.IsDirectory)
                    pending.Push(full);
            }
        }
        foreach (var path in missing.Order(StringComparer.Ordinal).Where(path => !IsReplaced(path)))
            Report(path, "is missing");
    }

    // What an entry of the same layer hides again.
    private bool IsReplaced(string path) => whiteouts.Contains(path) && (entries.ContainsKey(path) || parents.Contains(path));

    private void Compare(string path, FileStatus status)
    {
        var isWhiteout = status.Type == ModeBits.CharacterDevice && status is { SpecialMajor: 0, SpecialMinor: 0 };
        if (isWhiteout && whiteouts.Contains(path))
            return;
        if (!entries.TryGetValue(path, out var entry))
        {
            if (!status.IsDirectory || !parents.Contains(path))
                Report(path, "was added");
            return;
        }
        if (entry.Type == TarEntryType.HardLink)
            return; // it is the file that it was linked to, which is compared by its own name
        if (status.Type != TypeOf(entry.Type))
            Report(path, "is of another kind");
        else if (entry.Type == TarEntryType.File && status.Size != entry.Size)
            Report(path, $"has {status.Size} bytes instead of {entry.Size}");
        else if (compareOwners && (status.UserId != entry.UserId || status.GroupId != entry.GroupId))
            Report(path, $"belongs to {status.UserId}:{status.GroupId} instead of {entry.UserId}:{entry.GroupId}");
        else if (compareOwners && entry.Type != TarEntryType.Symlink && (status.Mode & ModeBits.PermissionMask) != entry.Mode)
            Report(path, $"has the mode {Octal(status.Mode & ModeBits.PermissionMask)} instead of {Octal(entry.Mode)}");
        else if (status.Modified.Seconds != entry.Modified.Seconds)
            Report(path, "was written to, or touched");
    }

    private void Report(string path, string what)
    {
        if (problems.Count < MaximumProblems)
            problems.Add($"{Display(path)} {what}");
    }

    private static SafeFileHandle? TryOpen(SafeFileHandle root, string path) =>
        Files.TryOpenConfined(root, Bytes(path).AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0,
            out var handle) == Errno.None ? handle : null;

    private static uint TypeOf(TarEntryType type) => type switch
    {
        TarEntryType.Directory => ModeBits.Directory,
        TarEntryType.Symlink => ModeBits.Symlink,
        TarEntryType.CharacterDevice => ModeBits.CharacterDevice,
        TarEntryType.BlockDevice => ModeBits.BlockDevice,
        TarEntryType.Fifo => ModeBits.Fifo,
        _ => ModeBits.Regular,
    };

    private static string Octal(uint mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    // Names are bytes, any of them: Latin 1 keeps each as a character of its own.
    private static string Key(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name);

    private static byte[] Bytes(string key) => Encoding.Latin1.GetBytes(key);

    private static string Display(string key) => "/" + Encoding.UTF8.GetString(Bytes(key));

    private sealed class HashedInput(Stream stream) : ITarInput, IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] buffer = new byte[1 << 17];
        private int start;
        private int end;

        internal long Length { get; private set; }

        public ReadOnlySpan<byte> Take(int maximum)
        {
            if (start == end)
            {
                start = 0;
                end = stream.Read(buffer);
                hash.AppendData(buffer, 0, end);
                Length += end;
            }
            var taken = buffer.AsSpan(start, Math.Min(maximum, end - start));
            start += taken.Length;
            return taken;
        }

        internal string Digest() => "sha256:" + Convert.ToHexStringLower(hash.GetCurrentHash());

        public void Dispose() => hash.Dispose();
    }
}
