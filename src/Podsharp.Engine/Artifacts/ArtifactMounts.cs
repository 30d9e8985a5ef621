using System.Globalization;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>Mounts of artifacts: each file is a bind mount of its blob, always read-only, since what is written there would spoil the store.</summary>
/// <param name="store">The artifacts.</param>
internal sealed class ArtifactMounts(Func<ArtifactStore> store)
{
    private const string Title = "title=";
    private const string Digest = "digest=";
    private const string Name = "name=";

    /// <summary>Checks the words of a mount.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(ContainerMount mount)
    {
        foreach (var option in mount.Options)
        {
            if (option is not ("ro" or "readonly") && !option.StartsWith(Title, StringComparison.Ordinal) && !option.StartsWith(Digest, StringComparison.Ordinal) && !option.StartsWith(Name, StringComparison.Ordinal))
            {
                throw EngineErrors.InvalidArgument($"unknown option \"{option}\" of the mount on {mount.Target}", option, "an artifact is always read-only; it takes title=, digest= and name=");
            }
        }
        if (Value(mount, Title) is not null && Value(mount, Digest) is not null)
        {
            throw EngineErrors.InvalidArgument("cannot specify both digest and title", mount.Target, "give one of them");
        }
        if (Value(mount, Name) is { } name)
        {
            CheckName(name);
        }
    }

    /// <summary>Refuses an artifact that isn't there.</summary>
    /// <exception cref="ContainerEngineException">ArtifactNotFound.</exception>
    internal void CheckArtifact(ContainerMount mount)
    {
        if (mount.Source.Length == 0)
        {
            throw EngineErrors.InvalidArgument($"the mount on {mount.Target} names no artifact", mount.Target, "give it source=ARTIFACT");
        }
        store().Get(mount.Source);
    }

    /// <summary>The files as they are now, each at its place.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="rootPath">The container's mounted root file system: what is there decides whether the target is a file or a directory.</param>
    /// <exception cref="ContainerEngineException">ArtifactNotFound; ArtifactFileNotFound; ArtifactTitleInvalid; InvalidArgument: several files can't be one.</exception>
    internal IReadOnlyList<ResolvedMount> Resolve(ContainerMount mount, string rootPath)
    {
        var artifacts = store();
        var files = Choose(mount, artifacts.Get(mount.Source).NeedManifest().Layers);
        var isFile = IsDirectory(rootPath, mount.Target) is { } isDirectory ? !isDirectory : files.Count == 1;
        if (isFile && files.Count > 1)
        {
            throw EngineErrors.InvalidArgument($"artifact \"{mount.Source}\" contains more than one blob and container path \"{mount.Target}\" is a file", mount.Target,
                "choose a file with title= or digest=, or mount it on a directory");
        }
        return
        [
            .. files.Select((file, i) => new ResolvedMount
            {
                Type = MountType.Bind,
                Source = PathOf(artifacts, file, mount.Source),
                Target = isFile ? mount.Target : $"{mount.Target.TrimEnd('/')}/{NameOf(mount, file, files.Count > 1 ? i : null)}",
                Options = ["bind", "ro", "private"],
            }),
        ];
    }

    private static IReadOnlyList<ArtifactDescriptor> Choose(ContainerMount mount, IReadOnlyList<ArtifactDescriptor> files)
    {
        var (title, digest) = (Value(mount, Title), Value(mount, Digest));
        if (files.Count == 0)
        {
            throw EngineErrors.InvalidArgument($"the artifact {mount.Source} has no files to mount", mount.Source);
        }
        if (title is null && digest is null)
        {
            var twice = files.GroupBy(file => file.Title, StringComparer.Ordinal).FirstOrDefault(group => group.Key.Length > 0 && group.Count() > 1);
            return twice is null || Value(mount, Name) is not null ? files : throw new ContainerEngineException(ErrorKind.Ambiguous, "ArtifactFileAmbiguous",
                $"several files of the artifact {mount.Source} have the name \"{twice.Key}\"", mount.Source, "choose one with digest=, or give them names with name=");
        }
        var (word, value) = title is not null ? ("title", title) : ("digest", digest!);
        var found = files.Where(file => title is not null ? file.Title == title : file.Digest == digest).ToList();
        return found.Count == 1 ? found
            : found.Count > 1 ? throw new ContainerEngineException(ErrorKind.Ambiguous, "ArtifactFileAmbiguous", $"more than one match for the {word} \"{value}\"", mount.Source)
            : throw new ContainerEngineException(ErrorKind.NotFound, "ArtifactFileNotFound", $"no blob with the {word} \"{value}\"", mount.Source);
    }

    // As under podman: what was chosen by digest is called by it.
    private static string NameOf(ContainerMount mount, ArtifactDescriptor file, int? number)
    {
        if (Value(mount, Name) is { } name)
        {
            return number is { } index ? string.Create(CultureInfo.InvariantCulture, $"{name}-{index}") : name;
        }
        return file.Title.Length > 0 && Value(mount, Digest) is null ? CheckName(file.Title) : file.Digest.Replace(':', '-');
    }

    // Artifacts come from strangers: a name never leads out of the directory.
    private static string CheckName(string name) => name is "." or ".." || name.AsSpan().ContainsAny('/', '\0') ? throw ArtifactErrors.InvalidTitle(name) : name;

    private static string PathOf(ArtifactStore artifacts, ArtifactDescriptor file, string artifact)
    {
        var path = artifacts.BlobPath(ContentDigest.Parse(file.Digest, $"the manifest of {artifact}"));
        return Files.TryStatus(path)?.Size == file.Size ? path : throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArtifactDamaged",
            $"the artifact {artifact} is incomplete: {file} is missing or has another size", artifact, "remove it and pull it again");
    }

    /// <summary>Whether a path of the container is a directory; null where there is nothing. The kernel resolves it, so that no link leads to the host.</summary>
    private static bool? IsDirectory(string rootPath, string target)
    {
        using var root = Files.Open(rootPath, OpenFlags.Path | OpenFlags.Directory);
        if (Files.TryOpenConfined(root, target.TrimStart('/'), OpenFlags.Path, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var found) != Errno.None)
        {
            return null;
        }
        using (found)
        {
            return Files.Status(found!).IsDirectory;
        }
    }

    private static string? Value(ContainerMount mount, string word) =>
        mount.Options.LastOrDefault(option => option.StartsWith(word, StringComparison.Ordinal))?[word.Length..];
}
