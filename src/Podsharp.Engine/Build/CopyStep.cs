using System.Globalization;
using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Security;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Carries out COPY and ADD.</summary>
/// <param name="job">The build.</param>
/// <param name="fetcher">Fetches what ADD names by address.</param>
internal sealed class CopyStep(BuildJob job, BuildFetcher fetcher)
{
    /// <summary>Finds the sources.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="expand">Expands its words.</param>
    /// <param name="textOf">Gives a here-document's text.</param>
    /// <param name="workingDirectory">What a relative destination is taken from.</param>
    /// <param name="source">Where the files are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument.</exception>
    internal async Task<PreparedCopy> PrepareAsync(CopyInstruction instruction, Func<string, string> expand, Func<Heredoc, string> textOf, string workingDirectory,
        BuildSource source, CancellationToken cancellationToken)
    {
        var destination = expand(instruction.Destination);
        var isDirectory = destination is "." or ".." || destination.EndsWith('/') || destination.EndsWith("/.", StringComparison.Ordinal);
        var path = RawPath.Clean(RawPath.FromText(destination.StartsWith('/') ? destination : $"{workingDirectory}/{destination}"));
        var sources = new List<CopySource>();
        foreach (var heredoc in instruction.Heredocs)
            sources.Add(new() { Name = RawPath.FromText(heredoc.Name), Text = System.Text.Encoding.UTF8.GetBytes(textOf(heredoc)) });
        var select = WithExcludes(source.Select, instruction.Excludes.Select(expand));
        foreach (var word in instruction.Sources.Select(expand))
            sources.AddRange(await FindAsync(instruction, word, source, select, cancellationToken));
        if (sources.Count > 1 && !isDirectory && !sources.TrueForAll(item => item.IsDirectory))
            throw EngineErrors.InvalidArgument($"{instruction.Keyword} of several files to \"{destination}\": the destination must be a directory and end with a /", destination, "write a slash behind it");
        return new PreparedCopy(new()
        {
            Sources = sources,
            Destination = path,
            IntoDirectory = isDirectory || instruction.Parents,
            Owner = source.IsContext ? (0, 0) : null,
            DropsPrivileges = source.IsContext && instruction.From is null,
            Mode = instruction.Chmod is { } mode ? ModeChange.Parse(expand(mode)) : null,
            FindProgram = job.Parts.Components.FindHelper,
        }, instruction.Chown is { } owner ? expand(owner) : null, instruction.Link, source.TopLayer);
    }

    /// <summary>The digest of what would be copied.</summary>
    internal static string Hash(PreparedCopy copy, CancellationToken cancellationToken)
    {
        using var hash = new ContentHash();
        new CopyWriter(copy.Order, hash, null, null, null, cancellationToken).Run();
        return hash.Finish();
    }

    /// <summary>Copies into a layer.</summary>
    /// <param name="copy">What.</param>
    /// <param name="state">What the stage has come to.</param>
    /// <param name="staging">Gets the layer.</param>
    /// <param name="missing">A directory to make besides: the working directory, if there is none yet.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The digest of what has been copied.</returns>
    internal string Write(PreparedCopy copy, StageState state, LayerStaging staging, string missing, CancellationToken cancellationToken)
    {
        var below = copy.IsLink ? FileTree.Empty : job.View(state.TopLayer);
        (uint, uint)? owner = copy.Owner is { Length: > 0 } text ? Owner(text, job.View(state.TopLayer)) : null;
        using var hash = new ContentHash();
        var digest = "";
        Images.TreeCapture.Run(staging, (tar, stop) =>
        {
            var writer = new TarWriter(tar);
            var layer = new LayerBuilder(writer, below, job.Times);
            if (missing.Length > 0)
                layer.MakeDirectory(missing);
            layer.DirectoryOwner = owner ?? (0, 0);
            new CopyWriter(copy.Order, hash, layer, writer, owner, stop).Run();
            writer.Finish();
            digest = hash.Finish();
        }, cancellationToken);
        return digest;
    }

    private async Task<IReadOnlyList<CopySource>> FindAsync(CopyInstruction instruction, string word, BuildSource source, Func<string, FileSelection>? select,
        CancellationToken cancellationToken)
    {
        if (instruction.Add && instruction.From is null && BuildFetcher.IsAddress(word))
            return [await fetcher.FetchAsync(word, instruction, job.Session.NewDirectory(), cancellationToken)];
        var found = CopySource.Find(source.Tree, word, instruction.Parents, select, source.Name);
        if (!instruction.Add || instruction.Unpack == false)
            return found;
        return [.. found.Select(item => !item.IsDirectory && ArchiveFile.IsArchive(item.Tree, item.Path, job.Parts.Components.FindHelper) ? item with { Unpack = true } : item)];
    }

    private static Func<string, FileSelection>? WithExcludes(Func<string, FileSelection>? select, IEnumerable<string> patterns)
    {
        var text = string.Join('\n', patterns);
        if (text.Length == 0)
            return select;
        var rules = IgnoreRules.Parse(text);
        return path => select?.Invoke(path) is { } first and not FileSelection.Copied ? first : BuildContext.Select(rules, path);
    }

    /// <summary>Looks an owner up in the stage's own files.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: nobody there is called so.</exception>
    private static (uint UserId, uint GroupId) Owner(string text, FileTree root)
    {
        var colon = text.IndexOf(':');
        var users = new UserLookup(Text(root, "etc/passwd"), Text(root, "etc/group"));
        // A number that nobody has stands for itself, as user and as group.
        if (colon < 0 && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && users.User(text) is null)
            return (id, id);
        var user = users.Resolve(text, []);
        return (user.UserId, user.GroupId);
    }

    private static string Text(FileTree root, string path) => root.TryRead(path) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : "";
}
