using Podsharp.Model;

namespace Podsharp.Orchestration.Images;

/// <summary>Writes the files of an image that was built, besides the image (<c>build --output</c>).</summary>
public sealed record BuiltFiles
{
    /// <summary>Whether they go into an archive; else into a directory.</summary>
    public required bool IsArchive { get; init; }

    /// <summary>The archive or directory; null for standard output.</summary>
    public string? Path { get; init; }

    /// <summary>Reads the option: <c>type=local|tar,dest=PATH</c>, a directory, or - for an archive on standard output.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static BuiltFiles Parse(string text)
    {
        if (text == "-")
            return new() { IsArchive = true };
        if (!text.Contains('=') && !text.Contains(','))
            return new() { IsArchive = false, Path = text };
        string? type = null, path = null;
        foreach (var word in text.Split(','))
        {
            var (name, value) = word.Split('=', 2) is [var before, var behind] ? (before, behind) : (word, "");
            switch (name)
            {
                case "type" when value is "local" or "tar":
                    type = value;
                    break;
                case "dest" when value.Length > 0:
                    path = value;
                    break;
                default:
                    throw Invalid(text);
            }
        }
        return type is null || path is null || (path == "-" && type == "local") ? throw Invalid(text) : new() { IsArchive = type == "tar", Path = path == "-" ? null : path };
    }

    /// <summary>Writes them.</summary>
    /// <param name="engine">The engine that has the image.</param>
    /// <param name="host">Files of the caller's host.</param>
    /// <param name="imageId">The image.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument where they can't be written; what the engine raises.</exception>
    public async Task WriteAsync(IContainerEngine engine, IHostFiles host, string imageId, Stream output, CancellationToken cancellationToken)
    {
        // It is never started: any command will do.
        var spec = new ContainerSpec { Image = imageId, EntryPoint = [], Command = ["-"], Network = new(NamespaceKind.None), ImageVolumes = "ignore", Health = new() { None = true } };
        var container = (await engine.CreateContainerAsync(spec, cancellationToken)).Container.Id;
        try
        {
            if (!IsArchive)
                await UnpackAsync(engine, host, container, cancellationToken);
            else if (Path is null)
                await engine.ExportContainerAsync(container, output, cancellationToken);
            else
                await WriteArchiveAsync(engine, container, cancellationToken);
        }
        finally
        {
            await engine.RemoveContainerAsync(container, new RemoveOptions { Force = true, Ignore = true }, CancellationToken.None);
        }
    }

    private async Task WriteArchiveAsync(IContainerEngine engine, string container, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(Path!, FileMode.Create, FileAccess.Write);
            await engine.ExportContainerAsync(container, file, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"{Path} can't be written: {error.Message}", Path, "name another file");
        }
    }

    private async Task UnpackAsync(IContainerEngine engine, IHostFiles host, string container, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path!);
        var pipe = new StreamPipe();
        var writing = Task.Run(async () =>
        {
            try
            {
                await engine.ExportContainerAsync(container, pipe.Writer, cancellationToken);
                pipe.Complete();
            }
            catch (Exception error)
            {
                pipe.Complete(error);
                throw;
            }
        }, CancellationToken.None);
        try
        {
            await host.WriteAsync(Path!, pipe.Reader, new FileUnpackOptions { TakeOwnership = false, Overwrite = true }, cancellationToken);
        }
        finally
        {
            // Whichever failed, the other ends with it.
            await pipe.Reader.DisposeAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await writing;
    }

    private static ContainerEngineException Invalid(string text) => EngineErrors.InvalidArgument($"invalid build output option \"{text}\"", text, "write type=local,dest=DIRECTORY, type=tar,dest=FILE, a directory, or -");
}
