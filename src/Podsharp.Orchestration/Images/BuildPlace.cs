using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Where a build's files are: the context, and the Containerfiles, which may be elsewhere.</summary>
internal sealed class BuildPlace
{
    private readonly CallerContext _caller;
    private readonly bool _isDirectory;

    private BuildPlace(CallerContext caller, string? context, bool isDirectory) => (_caller, Context, _isDirectory) = (caller, context, isDirectory);

    /// <summary>A directory's full path, or an address; null if the context comes by standard input.</summary>
    internal string? Context { get; }

    /// <summary>Reads the argument. Without one the context is the directory of the first Containerfile, or the caller's.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it is no directory.</exception>
    internal static BuildPlace Parse(ParsedCommand line, CallerContext caller)
    {
        var files = line.List("file");
        var word = line.Arguments.Count > 0 ? line.Arguments[0] : files.Contains("-") ? "-" : null;
        if (word == "-")
            return new(caller, null, false);
        if (word is not null && IsAddress(word))
            return new(caller, word, false);
        var directory = word is not null ? caller.Resolve(word) : files.FirstOrDefault(file => !IsAddress(file)) is { } first ? Path.GetDirectoryName(caller.Resolve(first))!
            : caller.Directory;
        return Directory.Exists(directory) ? new(caller, directory, true)
            : throw EngineErrors.InvalidArgument($"context must be a directory: \"{directory}\"", word, "name a directory, an address, or - for a tar on standard input");
    }

    /// <summary>Whether a word is no path.</summary>
    internal static bool IsAddress(string word) => word.Contains("://", StringComparison.Ordinal) || word.StartsWith("git@", StringComparison.Ordinal)
        || word.StartsWith("github.com/", StringComparison.Ordinal);

    /// <summary>The Containerfiles that are named: those here with their text, others by their paths in the context.</summary>
    /// <exception cref="ContainerEngineException">ContainerfileNotFound; Unsupported.</exception>
    internal IReadOnlyList<BuildFile> Files(IReadOnlyList<string> names, Func<string> readInput) => [.. names
        .Where(name => name != "-" || Context is not null)
        .Select(name => name == "-" ? new("-", readInput()) : File(name))];

    /// <summary>The rules of what the context leaves out, where they aren't the context's own.</summary>
    /// <param name="ignoreFile">The file that is named for them.</param>
    /// <param name="files">The Containerfiles, which may have rules beside them.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be read.</exception>
    internal string? IgnoreRules(string? ignoreFile, IReadOnlyList<BuildFile> files)
    {
        if (ignoreFile is { Length: > 0 })
            return ReadText(_caller, ignoreFile);
        if (!_isDirectory)
            return null;
        var names = files.Where(file => file.Name != "-").Select(file => file.Text is null ? Path.Combine(Context!, file.Name) : _caller.Resolve(file.Name));
        if (files.Count == 0)
            names = new[] { "Containerfile", "Dockerfile" }.Select(name => Path.Combine(Context!, name)).Where(System.IO.File.Exists).Take(1);
        // podman looks for both in this order and takes the last that is there.
        var rules = names.SelectMany(name => new[] { name + ".dockerignore", name + ".containerignore" }).FirstOrDefault(System.IO.File.Exists);
        return rules is null ? null : ReadText(_caller, rules);
    }

    /// <summary>Reads a text file of the caller's.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be read.</exception>
    internal static string ReadText(CallerContext caller, string path)
    {
        try
        {
            return caller.ReadFile(caller.Resolve(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, path, error);
        }
    }

    /// <summary>Reads a file of the caller's as it is.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be read.</exception>
    internal static byte[] ReadBytes(CallerContext caller, string path, string what)
    {
        try
        {
            return System.IO.File.ReadAllBytes(caller.Resolve(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(what, path, error);
        }
    }

    private BuildFile File(string name)
    {
        if (name.StartsWith("http://", StringComparison.Ordinal) || name.StartsWith("https://", StringComparison.Ordinal))
            return new(name, null);
        if (IsAddress(name))
            throw EngineErrors.InvalidArgument($"a Containerfile can't be fetched from {name}", name, "give an http address, or name the repository as the context");
        if (Context is null || !_isDirectory)
            return System.IO.File.Exists(_caller.Resolve(name)) ? Read(name) : new(name, null);
        var path = _caller.Resolve(name);
        return !System.IO.File.Exists(path) && System.IO.File.Exists(Path.Combine(Context, name)) ? new(name, null) : Read(name);
    }

    private BuildFile Read(string name)
    {
        try
        {
            return new(name, _caller.ReadFile(_caller.Resolve(name)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "ContainerfileNotFound",
                $"the specified Containerfile or Dockerfile does not exist, {_caller.Resolve(name)}: {error.Message}", name, "correct the path", error);
        }
    }

    private static ContainerEngineException Unreadable(string what, string path, Exception error) => new(ErrorKind.InvalidArgument, "InvalidArgument",
        $"can't read {what}", path, error.Message, error);
}
