using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>The directory of files that a build may use.</summary>
internal sealed class BuildContext : IDisposable
{
    private readonly SafeFileHandle? directory;

    private BuildContext(SafeFileHandle? directory, string? path)
    {
        this.directory = directory;
        Source = new(directory is null ? FileTree.Empty : new FileTree(directory), "the context", null, path, null);
    }

    /// <summary>Its files.</summary>
    internal BuildSource Source { get; private set; }

    /// <summary>One without a file.</summary>
    internal static BuildContext None() => new(null, null);

    /// <summary>A directory of this host.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    internal static BuildContext Open(string path)
    {
        var errno = Files.TryOpenAt(Files.Absolute, path, OpenFlags.Directory, 0, out var directory);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            throw new ContainerEngineException(ErrorKind.NotFound, "ContextNotFound", $"the context {path} is not a directory of this host", path, "correct the path");
        LinuxError.Check(errno, "open the context", path);
        return new(directory, path);
    }

    /// <summary>Reads the ignore rules: those given, else the file beside the Containerfile, else the context's own.</summary>
    internal void Ignore(string? rules, string? containerfile)
    {
        if (rules is null)
        {
            string[] names = containerfile is null ? [".containerignore", ".dockerignore"]
                : [containerfile + ".containerignore", containerfile + ".dockerignore", ".containerignore", ".dockerignore"];
            rules = names.Select(name => Source.Tree.TryRead(RawPath.Clean(RawPath.FromText(name)))).FirstOrDefault(bytes => bytes is not null) is { } text
                ? System.Text.Encoding.UTF8.GetString(text) : null;
        }
        if (rules is not null && IgnoreRules.Parse(rules) is var parsed)
            Source = Source with { Select = path => Select(parsed, path) };
    }

    /// <inheritdoc/>
    public void Dispose() => directory?.Dispose();

    /// <summary>What rules say of a path.</summary>
    internal static FileSelection Select(IgnoreRules rules, string path)
    {
        var text = RawPath.ToText(path);
        return text.Length == 0 || !rules.IsIgnored(text) ? FileSelection.Copied
            : rules.MayContainIncluded(text) ? FileSelection.LeftOut : FileSelection.LeftOutWhole;
    }
}
