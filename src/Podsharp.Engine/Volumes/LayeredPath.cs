using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Volumes;

/// <summary>What a path inside of an image is in each of its layers, without mounting them.</summary>
internal static class LayeredPath
{
    /// <summary>The directories that make up a directory of an image, or the one file, as paths of the host.</summary>
    /// <param name="layers">The layers' directories, the top first.</param>
    /// <param name="path">The path inside, which may not lead over links.</param>
    /// <param name="inUserNamespace">Whether overlays keep their marks in user attributes.</param>
    /// <returns>Nothing where the image doesn't have it.</returns>
    internal static IReadOnlyList<string> Find(IReadOnlyList<string> layers, string path, bool inUserNamespace)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<string>();
        foreach (var layer in layers)
        {
            var (status, hides) = Look(layer, parts, inUserNamespace);
            // A file shows only where no layer above has a directory there.
            if (status is { IsDirectory: true } || (status is not null && found.Count == 0))
                found.Add(string.Join('/', [layer, .. parts]));
            if (hides)
                break;
        }
        return found;
    }

    // What one layer has there, and whether it hides what the layers below it have.
    private static (FileStatus? Status, bool Hides) Look(string layer, string[] parts, bool inUserNamespace)
    {
        using var root = Files.Open(layer, OpenFlags.Path | OpenFlags.Directory);
        var hides = false;
        FileStatus? status = Files.Status(root);
        for (var count = 1; count <= parts.Length; count++)
        {
            if (!TryOpen(root, string.Join('/', parts[..count]), out var file))
                return (null, hides);
            using (file)
            {
                status = Files.Status(file!);
                if (!status.Value.IsDirectory)
                    return (LayerChanges.IsWhiteout(status.Value) || status.Value.IsSymlink || count < parts.Length ? null : status, true);
            }
            hides |= LayerChanges.IsOpaque(root, System.Text.Encoding.UTF8.GetBytes(string.Join('/', parts[..count])), LayerChanges.OpaqueAttribute(inUserNamespace));
        }
        return (status, hides);
    }

    private static bool TryOpen(SafeFileHandle root, string path, out SafeFileHandle? file) => Files.TryOpenConfined(root, path,
        OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks | ResolveFlags.NoSymlinks, 0, out file) == Errno.None;
}
