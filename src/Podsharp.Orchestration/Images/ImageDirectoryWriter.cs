using System.Formats.Tar;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Model;

namespace Podsharp.Orchestration.Images;

/// <summary>Unpacks the tar of saved images into a directory. Each file appears complete, and what tells of the others last.</summary>
internal sealed class ImageDirectoryWriter
{
    private const string Index = "index.json";
    private const string NameAnnotation = "org.opencontainers.image.ref.name";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool isLayout;
    private readonly bool isNew;
    private readonly HashSet<string> written = new(StringComparer.Ordinal);

    private ImageDirectoryWriter(string path, bool isLayout, bool isNew)
    {
        Path = path;
        this.isLayout = isLayout;
        this.isNew = isNew;
    }

    /// <summary>The directory.</summary>
    internal string Path { get; }

    /// <summary>Prepares a directory.</summary>
    /// <exception cref="ContainerEngineException">It holds other things (DirectoryNotEmpty), or can't be made (ArchiveNotWritable).</exception>
    internal static ImageDirectoryWriter Open(string path, ImageArchiveFormat format)
    {
        var isLayout = format == ImageArchiveFormat.OciDirectory;
        try
        {
            var isNew = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            if (Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(System.IO.Path.Combine(path, isLayout ? "oci-layout" : "version")))
                throw new ContainerEngineException(ErrorKind.InvalidArgument, "DirectoryNotEmpty",
                    $"the directory {path} is not empty and holds no {(isLayout ? "OCI layout" : "image in Docker's form")}", path, "name another, or an empty one");
            if (!isLayout)
                File.Delete(System.IO.Path.Combine(path, "manifest.json")); // what it tells of may be replaced now
            return new(path, isLayout, isNew);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ArchiveNotWritable", $"the directory {path} can't be made: {error.Message}", path, innerException: error);
        }
    }

    /// <summary>Unpacks.</summary>
    internal async Task UnpackAsync(Stream tar, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (!IsExpected(entry.Name))
                throw new ContainerEngineException(ErrorKind.Internal, "UnexpectedFile", $"the engine gave a file {entry.Name}, which no such directory has", entry.Name);
            await WriteAsync(entry, cancellationToken);
            written.Add(entry.Name);
        }
        if (!isLayout)
            RemoveOld();
    }

    /// <summary>Clears away what an unfinished save left, where the directory was made for it. In a layout that was there before, blobs that no
    /// index names do no harm.</summary>
    internal void Abandon()
    {
        if (isNew)
            Directory.Delete(Path, recursive: true);
    }

    private async Task WriteAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        var target = System.IO.Path.Combine(Path, entry.Name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        var part = $"{target}.part-{Guid.NewGuid():N}";
        try
        {
            await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0))
                await (entry.DataStream ?? Stream.Null).CopyToAsync(file, 256 * 1024, cancellationToken);
            if (isLayout && entry.Name == Index && File.Exists(target))
                await MergeIndexAsync(part, target, cancellationToken);
            File.Move(part, target, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    // An image takes its name from another that had it.
    private static async Task MergeIndexAsync(string part, string old, CancellationToken cancellationToken)
    {
        var added = JsonNode.Parse(await File.ReadAllTextAsync(part, cancellationToken))!.AsObject();
        var present = JsonNode.Parse(await File.ReadAllTextAsync(old, cancellationToken)) as JsonObject;
        if (present?["manifests"] is not JsonArray manifests)
            return;
        var names = added["manifests"]!.AsArray().Select(NameOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var merged = new JsonArray();
        foreach (var manifest in manifests.Where(manifest => NameOf(manifest) is not { } name || !names.Contains(name)).Concat(added["manifests"]!.AsArray()))
            merged.Add(manifest?.DeepClone());
        present["manifests"] = merged;
        await File.WriteAllTextAsync(part, present.ToJsonString(s_json), cancellationToken);
    }

    private static string? NameOf(JsonNode? manifest) => manifest?["annotations"]?[NameAnnotation]?.GetValue<string>();

    private bool IsExpected(string name)
    {
        var parts = name.Split('/');
        return parts.All(part => part.Length > 0 && part[0] != '.' && !part.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz.-"))
            && (isLayout ? parts is ["oci-layout"] or [Index] or ["blobs", _, _] : parts.Length == 1);
    }

    // Blobs of the image that was there before.
    private void RemoveOld()
    {
        foreach (var file in Directory.EnumerateFiles(Path))
        {
            var name = System.IO.Path.GetFileName(file);
            if (!written.Contains(name) && name.Length == 64 && !name.AsSpan().ContainsAnyExcept("0123456789abcdef"))
                File.Delete(file);
        }
    }
}
