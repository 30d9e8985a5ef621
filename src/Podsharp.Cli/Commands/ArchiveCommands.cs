using Podsharp.Cli.Interactive;
using Podsharp.Cli.Native;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;

namespace Podsharp.Cli.Commands;

/// <summary>save and load: images in archives and directories.</summary>
internal static class ArchiveCommands
{
    private static readonly string[] RegistryOptionNames =
        ["authfile", "cert-dir", "creds", "tls-verify", "retry", "retry-delay", "compression-format", "compression-level", "force-compression", "digestfile", "format",
         "sign-by", "sign-by-sigstore", "sign-by-sigstore-private-key", "sign-by-sq-fingerprint", "sign-passphrase-file", "encryption-key", "encrypt-layer"];

    internal static async Task<int> SaveAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var format = Format(context.Line.Text("format")!);
        var request = Request(context, format);
        if (context.Line.Text("output") is not { } output)
        {
            if (format is ImageArchiveFormat.OciDirectory or ImageArchiveFormat.DockerDirectory)
                throw EngineErrors.InvalidArgument($"--format {context.Line.Text("format")} writes a directory, not a stream", null, "name it with -o");
            if (Engine.Native.Terminal.IsTerminal(1) && !context.Globals.Given("out"))
                throw EngineErrors.InvalidArgument("refusing to save to terminal. Use -o flag or redirect");
            context.Out.Flush();
            await ShowAsync(context, context.Engine.SaveImagesAsync(request, context.Out.Stream, context.Cancelled));
            return 0;
        }
        await WriteAsync(context, request, output);
        return 0;
    }

    /// <summary>push to a place that is no registry: the same as save, but for the name, which the destination gives.</summary>
    internal static async Task PushAsync(CommandContext context, PushDestination destination)
    {
        foreach (var option in RegistryOptionNames)
            if (context.Line.Given(option))
                throw EngineErrors.InvalidArgument($"--{option} has no meaning for {context.Line.Arguments[1]}", option, "it is for pushes to registries");
        if (context.Line.Flag("compress") && destination.Format != ImageArchiveFormat.DockerDirectory)
            throw EngineErrors.InvalidArgument("--compress can only be set when pushing to a directory (dir:)");
        var image = await context.Engine.InspectImageAsync(context.Argument, context.Cancelled);
        await WriteAsync(context, new()
        {
            Images = [new ImageToSave(image.Image.Id, destination.Name is { } name ? [name] : []) { TransportNames = true }],
            Format = destination.Format,
            Compress = context.Line.Flag("compress") ? true : null,
        }, destination.Path);
    }

    private static async Task WriteAsync(CommandContext context, ImageSaveRequest request, string output)
    {
        var path = context.Caller.Resolve(output);
        if (request.Format is ImageArchiveFormat.OciDirectory or ImageArchiveFormat.DockerDirectory)
            await ShowAsync(context, ImageDirectory.SaveAsync(context.Engine, request, path, context.Cancelled));
        else
            await SaveFileAsync(context, request, path, output);
    }

    internal static async Task<int> LoadAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        await using var archive = OpenForLoading(context);
        foreach (var loaded in await PullView.LoadAsync(context, archive, Loading(context, context.Line.Text("input")), context.Line.Flag("quiet")))
            context.Out.WriteLine("Loaded image: " + loaded.Reference);
        return 0;
    }

    /// <summary>pull of what is no registry's.</summary>
    internal static async Task PullAsync(CommandContext context, ImageTransport transport)
    {
        if (context.Line.Given("decryption-key"))
            throw EngineErrors.Unsupported($"--decryption-key is for pulls from registries, not from {context.Line.Arguments[0]}", "decryption-key", "decrypt it with image copy, to containers-storage:NAME");
        await using var archive = OpenPath(context, transport.Path);
        var request = Loading(context, transport.Path) with { Reference = transport.Reference, Platform = ContainerSpecBuilder.Platform(context.Line) };
        foreach (var image in (await PullView.LoadAsync(context, archive, request, context.Line.Flag("quiet"))).Select(step => step.Image!.Id).Distinct())
            context.Out.WriteLine(image);
    }

    private static ImageLoadRequest Loading(CommandContext context, string? path) => new()
    {
        Source = path is null or "-" ? null : context.Caller.Resolve(path),
        IsDirectory = path is not null && Directory.Exists(context.Caller.Resolve(path)),
        SignaturePolicy = context.Line.Text("signature-policy") is { Length: > 0 } policy ? context.Caller.Resolve(policy) : null,
    };

    private static Stream OpenPath(CommandContext context, string path) => Directory.Exists(context.Caller.Resolve(path))
        ? ImageDirectory.OpenTar(context.Caller.Resolve(path), context.Cancelled) : OpenForReading(context, path);

    private static Stream OpenForLoading(CommandContext context)
    {
        if (context.Line.Text("input") is { } input)
            return OpenPath(context, input);
        return Engine.Native.Terminal.IsTerminal(0)
            ? throw EngineErrors.InvalidArgument("cannot read from terminal, use command-line redirection or the --input flag") : OpenForReading(context, "-");
    }

    /// <summary>Opens an archive, or standard input for <c>-</c>.</summary>
    internal static Stream OpenForReading(CommandContext context, string path)
    {
        if (path == "-")
            return new DescriptorStream(0);
        if (path.Contains("://", StringComparison.Ordinal))
            throw EngineErrors.Unsupported("reading from a URL is not supported yet", path, "fetch it and pipe it in: curl -L URL | podsharp import - NAME");
        try
        {
            return new FileStream(context.Caller.Resolve(path), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ArchiveNotReadable", $"can't read the archive {path}", path,
                e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message, e);
        }
    }

    private static async Task SaveFileAsync(CommandContext context, ImageSaveRequest request, string path, string given)
    {
        var isNew = !File.Exists(path);
        try
        {
            await using var file = OpenForWriting(path, given);
            await ShowAsync(context, context.Engine.SaveImagesAsync(request, file, context.Cancelled));
        }
        catch when (isNew)
        {
            File.Delete(path);
            throw;
        }
    }

    // Without -m further arguments are names for the first image, as for podman.
    private static ImageSaveRequest Request(CommandContext context, ImageArchiveFormat format)
    {
        var line = context.Line;
        var compress = line.Flag("compress");
        if (compress && format != ImageArchiveFormat.DockerDirectory)
            throw EngineErrors.InvalidArgument("--compress can only be set when --format is 'docker-dir'");
        if (line.Flag("uncompressed") && format is ImageArchiveFormat.OciArchive or ImageArchiveFormat.OciDirectory)
            return new() { Images = Images(context), Format = format, Compress = false };
        return new() { Images = Images(context), Format = format, Compress = compress ? true : null };
    }

    private static IReadOnlyList<ImageToSave> Images(CommandContext context) => context.Line.Flag("multi-image-archive")
        ? [.. context.Line.Arguments.Select(name => new ImageToSave(name, []))]
        : [new ImageToSave(context.Line.Arguments[0], [.. context.Line.Arguments.Skip(1)])];

    private static ImageArchiveFormat Format(string text) => text switch
    {
        "docker-archive" => ImageArchiveFormat.DockerArchive,
        "oci-archive" => ImageArchiveFormat.OciArchive,
        "oci-dir" => ImageArchiveFormat.OciDirectory,
        "docker-dir" => ImageArchiveFormat.DockerDirectory,
        _ => throw EngineErrors.InvalidArgument("format value must be one of oci-dir oci-archive docker-dir docker-archive", text),
    };

    private static async Task ShowAsync(CommandContext context, IAsyncEnumerable<ImageSaveProgress> steps)
    {
        var shown = "";
        await foreach (var step in steps)
        {
            if (context.Line.Flag("quiet") || step.BlobDigest == shown)
                continue;
            shown = step.BlobDigest;
            context.Error.WriteLine($"Copying {(step.IsConfig ? "config" : "layer")} {shown[(shown.IndexOf(':') + 1)..][..12]}");
            context.Error.Flush();
        }
    }

    private static FileStream OpenForWriting(string path, string given)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ArchiveNotWritable", $"can't write the archive {given}: {e.Message}", path,
                "name a file in a directory that exists and may be written to", e);
        }
    }
}
