using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Copying;

/// <summary>What one COPY or ADD copies: an item of a tree, text of the Containerfile, or an archive whose content is meant.</summary>
internal sealed record CopySource
{
    /// <summary>The tree that it is in.</summary>
    internal FileTree Tree { get; init; } = FileTree.Empty;

    /// <summary>Its path there.</summary>
    internal string Path { get; init; } = "";

    /// <summary>Its name in a destination that is a directory; "" for a directory, of which the content is meant.</summary>
    internal string Name { get; init; } = "";

    /// <summary>The content, where it is no file.</summary>
    internal byte[]? Text { get; init; }

    /// <summary>Whether the archive that it is gets unpacked.</summary>
    internal bool Unpack { get; init; }

    /// <summary>The permissions it gets whatever its own are; null for its own.</summary>
    internal uint? Mode { get; init; }

    /// <summary>What of a directory is copied, by paths in the tree; null for all.</summary>
    internal Func<string, FileSelection>? Select { get; init; }

    /// <summary>Whether it is a directory.</summary>
    internal bool IsDirectory { get; init; }

    /// <summary>The sources that words of an instruction mean.</summary>
    /// <param name="tree">Where they are looked for.</param>
    /// <param name="word">The word, expanded; it may be a pattern.</param>
    /// <param name="keepParents">Names are whole paths, from a "/./" on.</param>
    /// <param name="select">What is copied; null for all.</param>
    /// <param name="what">The tree, in messages.</param>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    internal static IReadOnlyList<CopySource> Find(FileTree tree, string word, bool keepParents, Func<string, FileSelection>? select, string what)
    {
        var raw = RawPath.FromText(word);
        var pivot = keepParents && raw.IndexOf("/./", StringComparison.Ordinal) is >= 0 and var at ? RawPath.Clean(raw[..at]) : "";
        var pattern = RawPath.Clean(raw);
        var isPattern = SourcePattern.IsPattern(pattern);
        IEnumerable<string> paths = isPattern ? SourcePattern.Expand(tree, pattern) : [pattern];
        var found = new List<CopySource>();
        foreach (var path in paths)
        {
            var selection = select?.Invoke(path) ?? FileSelection.Copied;
            using var file = tree.TryOpen(path, OpenFlags.Path);
            if (file is null || selection == FileSelection.LeftOutWhole)
                continue;
            var isDirectory = Files.Status(file).IsDirectory;
            if (selection == FileSelection.LeftOut && !isDirectory)
                continue;
            var name = keepParents ? (pivot.Length > 0 && path.StartsWith(pivot + "/", StringComparison.Ordinal) ? path[(pivot.Length + 1)..] : path)
                : isDirectory ? "" : RawPath.Name(path);
            found.Add(new() { Tree = tree, Path = path, Name = name, IsDirectory = isDirectory, Select = select });
        }
        return found.Count > 0 ? found : throw new ContainerEngineException(ErrorKind.NotFound, "CopySourceNotFound",
            isPattern ? $"no file of {what} matches {word}, or all that match are left out by its ignore rules" : $"{what} has no file {word}, or its ignore rules leave it out", word,
            "correct the path; it is taken from the top of the context");
    }
}
