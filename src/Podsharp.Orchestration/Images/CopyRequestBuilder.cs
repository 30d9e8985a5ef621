using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Makes copies of command lines, with skopeo's options.</summary>
public static class CopyRequestBuilder
{
    /// <summary>The request of <c>image copy</c>.</summary>
    /// <exception cref="ContainerEngineException">An option's value can't be understood, or contradicts another.</exception>
    public static ImageCopyRequest Build(ParsedCommand line, CallerContext caller) => new()
    {
        Source = ImagePlaces.Resolve(line.Arguments[0], caller.Resolve),
        Destination = ImagePlaces.Resolve(line.Arguments[1], caller.Resolve),
        SourceRegistry = Registry(line, caller, "src-") with { DecryptionKeys = EncryptionOptions.DecryptionKeys(line, caller) },
        DestinationRegistry = Registry(line, caller, "dest-"),
        Lists = Lists(line),
        Platform = ContainerSpecBuilder.Platform(line),
        Format = PushRequestBuilder.Format(line.Text("format")),
        Compression = PushRequestBuilder.Compression(line.Text("dest-compress-format")),
        CompressionLevel = line.Number("dest-compress-level") is { } level ? (int)Math.Clamp(level, int.MinValue, int.MaxValue) : null,
        ForceCompression = line.Flag("dest-force-compress-format"),
        Layers = Layers(line),
        PreserveDigests = line.Flag("preserve-digests"),
        RemoveSignatures = line.Flag("remove-signatures"),
        Encryption = EncryptionOptions.Encryption(line, caller),
        AdditionalNames = line.List("additional-tag"),
    };

    /// <summary>The request of <c>image sync</c>.</summary>
    /// <exception cref="ContainerEngineException">An option is missing, or its value can't be understood.</exception>
    public static ImageSyncRequest Sync(ParsedCommand line, CallerContext caller)
    {
        var (source, destination) = (SyncPlace(line, "src"), SyncPlace(line, "dest"));
        return new()
        {
            SourceKind = source,
            Source = source switch
            {
                ImageSyncPlace.Directory => caller.Resolve(line.Arguments[0]),
                ImageSyncPlace.Description => BuildPlace.ReadText(caller, line.Arguments[0]),
                _ => line.Arguments[0],
            },
            DestinationKind = destination,
            Destination = destination == ImageSyncPlace.Directory ? caller.Resolve(line.Arguments[1]) : line.Arguments[1],
            Scoped = line.Flag("scoped"),
            TagSuffix = line.Text("append-suffix") ?? "",
            AllImages = line.Flag("all"),
            Format = PushRequestBuilder.Format(line.Text("format")),
            PreserveDigests = line.Flag("preserve-digests"),
            RemoveSignatures = line.Flag("remove-signatures"),
            KeepGoing = line.Flag("keep-going"),
            DryRun = line.Flag("dry-run"),
            SourceRegistry = Registry(line, caller, "src-"),
            DestinationRegistry = Registry(line, caller, "dest-"),
        };
    }

    private static ImageSyncPlace SyncPlace(ParsedCommand line, string option) => line.Text(option) switch
    {
        "docker" => ImageSyncPlace.Registry,
        "dir" => ImageSyncPlace.Directory,
        "yaml" when option == "src" => ImageSyncPlace.Description,
        null or "" => throw EngineErrors.InvalidArgument(option == "src" ? "A source transport must be specified" : "A destination transport must be specified", null, $"give --{option}"),
        var other => throw EngineErrors.InvalidArgument($"\"{other}\" is not a valid {(option == "src" ? "source" : "destination")} transport", other, $"choose docker{(option == "src" ? ", dir or yaml" : " or dir")}"),
    };

    /// <summary>How to talk to a registry, by skopeo's options.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="caller">Whose paths it means.</param>
    /// <param name="prefix"><c>src-</c>, <c>dest-</c> or nothing.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: options exclude each other.</exception>
    public static RegistryOptions Registry(ParsedCommand line, CallerContext caller, string prefix)
    {
        var credentials = line.Text(prefix + "creds");
        var (user, password, token) = (line.Text(prefix + "username"), line.Text(prefix + "password"), line.Text(prefix + "registry-token"));
        var anonymous = line.Flag(prefix + "no-creds");
        if ((credentials is null ? 0 : 1) + (user is null ? 0 : 1) + (token is null ? 0 : 1) + (anonymous ? 1 : 0) > 1)
            throw EngineErrors.InvalidArgument($"--{prefix}creds, --{prefix}username, --{prefix}registry-token and --{prefix}no-creds exclude each other", null, "give one of them");
        if (user is null != password is null)
            throw EngineErrors.InvalidArgument($"--{prefix}username and --{prefix}password belong together", null, "give both");
        if (credentials is not null)
            (user, password) = credentials.Split(':', 2) is [var name, var rest] ? (name, rest) : (credentials, "");
        var file = line.Text(prefix + "authfile") ?? line.Text("authfile") ?? caller.Environment.GetValueOrDefault("REGISTRY_AUTH_FILE");
        return new()
        {
            AuthFile = string.IsNullOrEmpty(file) ? null : caller.Resolve(file),
            UserName = anonymous ? "" : user,
            Password = token ?? password,
            CertificateDirectory = line.Text(prefix + "cert-dir") is { } directory ? caller.Resolve(directory) : null,
            TlsVerify = line.Given(prefix + "tls-verify") ? line.Flag(prefix + "tls-verify") : null,
            Retry = (int?)line.Number("retry-times"),
            RetryDelay = line.Text("retry-delay") is { } delay ? DurationParser.Parse(delay, "--retry-delay") : null,
        };
    }

    private static ImageListCopy Lists(ParsedCommand line)
    {
        var all = line.Flag("all");
        if (all && line.Given("multi-arch"))
            throw EngineErrors.InvalidArgument("Cannot use --all and --multi-arch flags together", null, "leave --all out");
        return line.Text("multi-arch") switch
        {
            null or "" => all ? ImageListCopy.All : ImageListCopy.System,
            "system" => ImageListCopy.System,
            "all" => ImageListCopy.All,
            "index-only" => ImageListCopy.IndexOnly,
            var word => throw EngineErrors.InvalidArgument($"unknown multi-arch option \"{word}\"", word, "choose system, all or index-only"),
        };
    }

    private static ImageLayerForm? Layers(ParsedCommand line)
    {
        var (compress, decompress, accept) = (line.Flag("dest-compress"), line.Flag("dest-decompress"), line.Flag("dest-oci-accept-uncompressed-layers"));
        if (compress && decompress)
            throw EngineErrors.InvalidArgument("--dest-compress and --dest-decompress exclude each other", null, "leave one of them out");
        if ((compress || decompress) && !line.Arguments[1].StartsWith("dir:", StringComparison.Ordinal))
            throw EngineErrors.InvalidArgument("--dest-compress and --dest-decompress are for dir: only", line.Arguments[1], "elsewhere --dest-compress-format says how");
        return compress ? ImageLayerForm.Compressed : decompress ? ImageLayerForm.Plain
            : accept && line.Arguments[1].StartsWith("oci", StringComparison.Ordinal) ? ImageLayerForm.Unchanged : null;
    }
}
