using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Fetches what a build names by address: files over http, repositories by the host's git.</summary>
/// <param name="parts">The engine.</param>
internal sealed class BuildFetcher(EngineParts parts) : IDisposable
{
    private const uint PrivateFile = 0x180; // 0600
    private const string GitHub = "github.com/";
    private const int ShortestCommit = 7;
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private readonly ConcurrentBag<SafeFileHandle> open = [];

    /// <summary>How long a server may be silent.</summary>
    internal TimeSpan Stall { get; init; } = s_stall;

    /// <summary>Whether a word is an address rather than a path.</summary>
    internal static bool IsAddress(string word) => IsHttp(word) || IsRepository(word);

    /// <summary>Whether an address is a repository's.</summary>
    internal static bool IsRepository(string word)
    {
        var address = word.Split('#')[0];
        return address.StartsWith("git://", StringComparison.Ordinal) || address.StartsWith("ssh://", StringComparison.Ordinal)
            || address.StartsWith("git@", StringComparison.Ordinal) || address.StartsWith(GitHub, StringComparison.Ordinal) || (IsHttp(address) && address.EndsWith(".git", StringComparison.Ordinal));
    }

    /// <summary>Fetches what an ADD names.</summary>
    /// <param name="address">The address.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="directory">Where it may be kept.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">Network; DataCorrupt for another checksum; MissingComponent without git.</exception>
    internal async Task<CopySource> FetchAsync(string address, CopyInstruction instruction, string directory, CancellationToken cancellationToken)
    {
        if (IsRepository(address))
        {
            var tree = Clone(address, directory, instruction.KeepGitDirectory, cancellationToken, instruction.Checksum);
            return new() { Tree = Open(tree), IsDirectory = true };
        }
        var name = Uri.UnescapeDataString(new Uri(address).AbsolutePath).Split('/')[^1];
        if (name.Length == 0 && instruction.Destination.EndsWith('/'))
            throw EngineErrors.InvalidArgument($"{address} names no file, and the destination is a directory", address, "name the file in the destination");
        var digest = await DownloadAsync(address, Path.Combine(directory, "file"), cancellationToken);
        if (instruction.Checksum is { } expected && expected != digest)
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ChecksumMismatch", $"{address} has the checksum {digest}, not {expected}", address, "ask who publishes it");
        return new() { Tree = Open(directory), Path = "file", Name = RawPath.FromText(name), Mode = PrivateFile, Unpack = instruction.Unpack == true };
    }

    /// <summary>Fetches a repository: ADDRESS#REF:DIRECTORY.</summary>
    /// <returns>The directory that is meant.</returns>
    /// <param name="address">The address.</param>
    /// <param name="directory">Where it may be kept.</param>
    /// <param name="keepHistory">Whether <c>.git</c> stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="commit">The commit that it must be, or the beginning of its id; null for any.</param>
    /// <exception cref="ContainerEngineException">Network; NotFound; DataCorrupt for another commit; MissingComponent without git.</exception>
    internal string Clone(string address, string directory, bool keepHistory, CancellationToken cancellationToken, string? commit = null)
    {
        if (commit is not null && (commit.Length < ShortestCommit || !commit.All(char.IsAsciiHexDigitLower)))
            throw EngineErrors.InvalidArgument($"--checksum={commit} is no id of a commit", commit, $"give at least {ShortestCommit} of its digits");
        var git = parts.Components.FindHelper("git") ?? throw EngineErrors.MissingComponent("git", $"to fetch {address}", "git");
        var (repository, reference) = address.Split('#', 2) is [var first, var rest] ? (first, rest) : (address, "");
        var (revision, part) = reference.Split(':', 2) is [var before, var behind] ? (before, behind) : (reference, "");
        if (repository.StartsWith(GitHub, StringComparison.Ordinal))
            repository = "https://" + repository;
        // What begins with a dash would be an option.
        if (repository.StartsWith('-') || revision.StartsWith('-'))
            throw EngineErrors.InvalidArgument($"{address} is not the address of a repository", address);
        var tree = Path.Combine(directory, "tree");
        Git(git, address, ["init", "-q", tree], cancellationToken);
        Git(git, address, ["-C", tree, "fetch", "-q", "--depth", "1", "--", repository, revision.Length > 0 ? revision : "HEAD"], cancellationToken);
        Git(git, address, ["-C", tree, "checkout", "-q", "FETCH_HEAD"], cancellationToken);
        if (commit is not null && Git(git, address, ["-C", tree, "rev-parse", "HEAD"], cancellationToken).Trim() is var found && !found.StartsWith(commit, StringComparison.Ordinal))
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ChecksumMismatch", $"{address} is the commit {found}, not {commit}", address, "ask who publishes it, or name the commit behind #");
        Git(git, address, ["-C", tree, "submodule", "-q", "update", "--init", "--recursive", "--depth", "1"], cancellationToken);
        if (!keepHistory)
            Files.RemoveTree(Path.Combine(tree, ".git"));
        if (part.Length == 0)
            return tree;
        using var root = Files.Open(tree, OpenFlags.Directory);
        // The path is used as it is: a link in the repository could lead anywhere.
        if (Files.TryOpenConfined(root, part.Trim('/'), OpenFlags.Directory, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out var place) != Errno.None)
            throw new ContainerEngineException(ErrorKind.NotFound, "ContextNotFound", $"{address} has no directory {part}", address);
        place!.Dispose();
        return Path.Combine(tree, part.Trim('/'));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var handle in open)
            handle.Dispose();
    }

    /// <summary>Fetches a file.</summary>
    /// <returns>Its digest, "sha256:...".</returns>
    internal async Task<string> DownloadAsync(string address, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = EnvironmentProxy.From(parts.Environment), ConnectTimeout = TimeSpan.FromSeconds(30) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        try
        {
            // A server that falls silent would hold the build for ever.
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stall.CancelAfter(Stall);
            using var response = await http.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, stall.Token);
            if (!response.IsSuccessStatusCode)
                throw new ContainerEngineException(ErrorKind.Network, "DownloadFailed", $"{address}: the server answered {(int)response.StatusCode} {response.ReasonPhrase}", address, "correct the address");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var content = await response.Content.ReadAsStreamAsync(stall.Token))
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
            {
                var buffer = new byte[128 * 1024];
                for (int count; (count = await content.ReadAsync(buffer, stall.Token)) > 0;)
                {
                    stall.CancelAfter(Stall);
                    hash.AppendData(buffer, 0, count);
                    await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                }
            }
            if (response.Content.Headers.LastModified is { } modified)
                File.SetLastWriteTimeUtc(path, modified.UtcDateTime);
            return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerEngineException(ErrorKind.Network, "DownloadStalled", $"{address} can't be fetched: nothing has come for {Stall.TotalSeconds:0} seconds", address, "try again, or fetch the file and copy it from the context");
        }
        catch (Exception error) when (error is HttpRequestException or IOException and not FileNotFoundException)
        {
            throw new ContainerEngineException(ErrorKind.Network, "DownloadFailed", $"{address} can't be fetched: {error.Message}", address, "check the address and the network", error);
        }
    }

    /// <summary>Whether a word is an address of the web.</summary>
    internal static bool IsHttp(string word) => word.StartsWith("http://", StringComparison.Ordinal) || word.StartsWith("https://", StringComparison.Ordinal);

    private FileTree Open(string directory)
    {
        var handle = Files.Open(directory, OpenFlags.Directory);
        open.Add(handle);
        return new(handle);
    }

    private string Git(string git, string address, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var outcome = Programs.Run(new()
        {
            Path = git,
            Arguments = ["git", .. arguments],
            Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", $"HOME={parts.Environment.Variable("HOME") ?? "/"}", "GIT_TERMINAL_PROMPT=0",
                .. ((string[])["http_proxy", "https_proxy", "no_proxy", "SSH_AUTH_SOCK"]).Where(name => parts.Environment.Variable(name) is not null).Select(name => $"{name}={parts.Environment.Variable(name)}")],
        }, s_patience, cancellationToken);
        if (outcome.ExitCode is not (null or 0))
            throw new ContainerEngineException(ErrorKind.Network, "GitFailed", $"{address} can't be fetched: git says: {outcome.Error.Trim()}", address, "check the address, what follows the #, and the network");
        return outcome.Output;
    }
}
