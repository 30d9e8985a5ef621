using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Mounts that the runtime makes of file systems by name: layers over directories, images, terminals, memory without limit. They exist in the
/// container's mount namespace alone, so nothing is left of them on the host but directories, which the next start clears.</summary>
/// <param name="storage">The image store.</param>
/// <param name="images">Finds images.</param>
/// <param name="inUserNamespace">Whether overlays keep their marks in user attributes.</param>
internal sealed class OverlayMounts(Func<ContainerStorage> storage, Func<ImageService> images, bool inUserNamespace)
{
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const string Name = "overlay";
    private const string ImageFile = "image";

    // What mount(2) takes at most, with room for the runtime's own words.
    private const int LongestOptions = 4000;

    /// <summary>Removes what the changes of an earlier run were kept in.</summary>
    internal void Clear(string containerId)
    {
        var directory = Path.Combine(storage().StaticDirectory(containerId), Name);
        if (Directory.Exists(directory))
            Files.RemoveTree(directory);
    }

    /// <summary>Terminals or memory, with just the options that were given.</summary>
    internal static ResolvedMount OfKernel(ContainerMount mount)
    {
        var name = mount.Type == MountType.Ramfs ? "ramfs" : "devpts";
        return new() { Type = mount.Type, Source = name, Target = mount.Target, FileSystem = name, Options = [.. mount.Options.Where(option => option is not ("U" or "tmpcopyup" or "notmpcopyup"))] };
    }

    /// <summary>Refuses an image that isn't there.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    /// <param name="image">The image.</param>
    /// <param name="target">Where it is to be mounted.</param>
    internal void CheckImage(string image, string target)
    {
        if (image.Length == 0)
            throw EngineErrors.InvalidArgument($"the mount on {target} names no image", target, "give it source=IMAGE");
        images().Get(image);
    }

    /// <summary>The ids of the images that a container's last start has mounted.</summary>
    /// <param name="staticDirectory">The container's.</param>
    internal static IEnumerable<string> MountedImages(string staticDirectory)
    {
        var directory = Path.Combine(staticDirectory, Name);
        return !Directory.Exists(directory) ? [] : Files.ReadDirectory(directory)
            .Select(entry => Files.TryReadAll(Path.Combine(directory, System.Text.Encoding.ASCII.GetString(entry.Name), ImageFile))).OfType<byte[]>().Select(System.Text.Encoding.ASCII.GetString);
    }

    /// <summary>An image's files.</summary>
    /// <exception cref="ContainerEngineException">NotFound; Unsupported: it has too many layers.</exception>
    internal ResolvedMount OfImage(ContainerMount mount, string containerId, int number)
    {
        var image = images().Get(mount.Source).Image;
        // Written before it is mounted: whoever removes images asks for it.
        File.WriteAllText(Path.Combine(MakeDirectory(containerId, number, "", like: null), ImageFile), image.Id);
        var top = image.TopLayerId;
        var lower = top is null ? [] : storage().GetLayerChain(top).Select(layer => layer.DirectoryPath + "/diff").ToList();
        if (mount.SubPath is { Length: > 0 } subPath)
        {
            lower = [.. LayeredPath.Find(lower, subPath, inUserNamespace)];
            if (lower.Count == 0)
                throw EngineErrors.InvalidArgument($"the image {mount.Source} has no file or directory {subPath}", subPath, "name one that is there, not by way of a link");
            if (!Directory.Exists(lower[0]))
                return new() { Type = mount.Type, Source = lower[0], Target = mount.Target, FileSystem = "bind", Options = ["bind", "ro", "rprivate", "nosuid", "nodev"] };
        }
        var writable = mount.Options.Contains("rw");
        // An overlay of one directory needs another one: an empty one on top changes nothing.
        if (!writable && lower.Count < 2)
            lower.Insert(0, MakeDirectory(containerId, number, "empty", like: lower.FirstOrDefault()));
        return Overlay(mount, lower, writable ? Upper(containerId, number, lower.FirstOrDefault()) : null);
    }

    /// <summary>A directory with a layer over it.</summary>
    internal ResolvedMount Over(ContainerMount mount, string source, string containerId, int number)
    {
        if (!Directory.Exists(source))
            throw EngineErrors.InvalidArgument($"{source}, mounted on {mount.Target} with the option O, is not a directory", source, "leave out the O, or name a directory");
        return Overlay(mount, [source], Given(mount, "upperdir=") is { } upper ? (upper, Given(mount, "workdir=")!) : Upper(containerId, number, source))
            with { VolumeName = mount.Type == MountType.Volume ? mount.Source : "" };
    }

    private ResolvedMount Overlay(ContainerMount mount, IReadOnlyList<string> lower, (string Upper, string Work)? changes)
    {
        var options = new List<string> { "lowerdir=" + string.Join(':', lower.Select(path => Escape(path, colons: true))) };
        if (changes is { } made)
            options.AddRange(["upperdir=" + Escape(made.Upper, colons: false), "workdir=" + Escape(made.Work, colons: false)]);
        else
            options.Add("ro");
        if (inUserNamespace)
            options.Add("userxattr");
        if (options.Sum(option => option.Length + 1) > LongestOptions)
            throw EngineErrors.Unsupported($"the image {mount.Source} has too many layers to be mounted on {mount.Target}", mount.Source, "squash it: podsharp commit --squash");
        return new() { Type = mount.Type, Source = Name, Target = mount.Target, FileSystem = Name, Options = [.. options, "private"] };
    }

    private (string Upper, string Work) Upper(string containerId, int number, string? like) =>
        (MakeDirectory(containerId, number, "upper", like), MakeDirectory(containerId, number, "work", like: null));

    // The merged root has owner and mode of the topmost directory.
    private string MakeDirectory(string containerId, int number, string name, string? like)
    {
        var path = Path.Combine(storage().StaticDirectory(containerId), Name, number.ToString(System.Globalization.CultureInfo.InvariantCulture), name);
        Files.MakeDirectories(path, PrivateDirectory, PrivateDirectory);
        if (like is not null && Files.TryStatus(like) is { } status)
        {
            LinuxError.Check(Files.TryChangeOwner(Files.Absolute, path, status.UserId, status.GroupId), "change the owner of", path);
            LinuxError.Check(Files.TryChangeMode(Files.Absolute, path, status.Mode & ModeBits.PermissionMask), "change the mode of", path);
        }
        return path;
    }

    private static string? Given(ContainerMount mount, string option) =>
        mount.Options.FirstOrDefault(given => given.StartsWith(option, StringComparison.Ordinal))?[option.Length..];

    private static string Escape(string path, bool colons)
    {
        if (path.Contains(','))
            throw EngineErrors.Unsupported($"the path {path} can't be part of an overlay: it has a comma", path, "mount it from a path without one");
        var escaped = path.Replace("\\", "\\\\", StringComparison.Ordinal);
        return colons ? escaped.Replace(":", "\\:", StringComparison.Ordinal) : escaped;
    }
}
