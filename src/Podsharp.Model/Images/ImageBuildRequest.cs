namespace Podsharp.Model;

/// <summary>An image to build of a Containerfile (Containerfile(5), Dockerfile reference).</summary>
public sealed record ImageBuildRequest
{
    /// <summary>The context: a directory of the engine's host, as the source of a bind mount is, or an address (git, or a tar over http). Null when the
    /// context is sent as a tar, or when there is none.</summary>
    public string? Context { get; init; }
    /// <summary>The Containerfiles, which are read as one. None: the one in the context.</summary>
    public IReadOnlyList<BuildFile> Files { get; init; } = [];
    /// <summary>Rules of what the context leaves out, in place of the context's own ignore file; null for that.</summary>
    public string? IgnoreRules { get; init; }
    /// <summary>Further contexts by name: a directory of the engine's host, an address, or an image after <c>container-image://</c> or <c>docker-image://</c>.</summary>
    public IReadOnlyDictionary<string, string> Contexts { get; init; } = EmptyDictionary.Strings;
    /// <summary>Names to give.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>The base image in place of the first FROM's; null for that.</summary>
    public string? From { get; init; }
    /// <summary>The stage to build: its name or number; the last when null.</summary>
    public string? Target { get; init; }
    /// <summary>Values for ARG. A name without value takes that of the caller, who puts it here.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = EmptyDictionary.Strings;
    /// <summary>The form of the image.</summary>
    public ImageFormat Format { get; init; } = ImageFormat.Oci;
    /// <summary>The platform to build for; the host's when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>Several platforms to build for; their images go into a list that gets the names. None: <see cref="Platform"/> alone.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];
    /// <summary>Builds for all platforms for which the base images are to be had.</summary>
    public bool AllPlatforms { get; init; }
    /// <summary>The list to put the image, or the images, into; it is made if it isn't there. Null for none.</summary>
    public string? List { get; init; }
    /// <summary>The version of the operating system that the image needs; the base image's when null.</summary>
    public string? OsVersion { get; init; }
    /// <summary>Features of the operating system that the image needs; the base image's where there are none.</summary>
    public IReadOnlyList<string> OsFeatures { get; init; } = [];
    /// <summary>Whether results of earlier builds are used.</summary>
    public bool UseCache { get; init; } = true;
    /// <summary>How old a result may be to be used; null for any age.</summary>
    public TimeSpan? CacheAge { get; init; }
    /// <summary>Repositories that steps' results are taken from where the store hasn't them; each has a tag for each result.</summary>
    public IReadOnlyList<string> CacheFrom { get; init; } = [];
    /// <summary>Repositories that get steps' results.</summary>
    public IReadOnlyList<string> CacheTo { get; init; } = [];
    /// <summary>Makes a layer of each instruction that changes files; else one of all.</summary>
    public bool Layers { get; init; } = true;
    /// <summary>Makes one layer of all that the build adds.</summary>
    public bool Squash { get; init; }
    /// <summary>Makes one layer of all, the base image's included.</summary>
    public bool SquashAll { get; init; }
    /// <summary>When base images are fetched.</summary>
    public PullPolicy PullPolicy { get; init; } = PullPolicy.Missing;
    /// <summary>How to talk to registries.</summary>
    public RegistryOptions Registry { get; init; } = new();
    /// <summary>Labels to add.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Labels of the base image to drop.</summary>
    public IReadOnlyList<string> RemoveLabels { get; init; } = [];
    /// <summary>Whether the base image's labels are kept.</summary>
    public bool InheritLabels { get; init; } = true;
    /// <summary>Labels of the images between, which have no name.</summary>
    public IReadOnlyDictionary<string, string> LayerLabels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Annotations of the manifest.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>Annotations of the base image to drop.</summary>
    public IReadOnlyList<string> RemoveAnnotations { get; init; } = [];
    /// <summary>Whether the base image's annotations are kept.</summary>
    public bool InheritAnnotations { get; init; } = true;
    /// <summary>Whether an annotation tells when the image was made.</summary>
    public bool CreatedAnnotation { get; init; } = true;
    /// <summary>Variables to add to the image.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EmptyDictionary.Strings;
    /// <summary>Variables of the image to drop.</summary>
    public IReadOnlyList<string> RemoveEnvironment { get; init; } = [];
    /// <summary>The time of the image, its history and all that the build adds (<c>--timestamp</c>); null for now.</summary>
    public DateTimeOffset? Timestamp { get; init; }
    /// <summary>The time of the image and its history (<c>SOURCE_DATE_EPOCH</c>); null for now.</summary>
    public DateTimeOffset? SourceDate { get; init; }
    /// <summary>Whether nothing in the layers is younger than <see cref="SourceDate"/>.</summary>
    public bool RewriteTimestamp { get; init; }
    /// <summary>Leaves the history out.</summary>
    public bool OmitHistory { get; init; }
    /// <summary>Whether only the stages are built that the target needs.</summary>
    public bool SkipUnusedStages { get; init; } = true;
    /// <summary>How many stages are built at once; 0 for as many as can be.</summary>
    public int Jobs { get; init; } = 1;
    /// <summary>What RUN's containers get beside their image and command: limits, network, capabilities, volumes, devices, namespaces.</summary>
    public ContainerSpec Run { get; init; } = new();
    /// <summary>How RUN is kept apart from the host.</summary>
    public BuildIsolation Isolation { get; init; }
    /// <summary>Allows <c>RUN --security=insecure</c>: a command with all privileges.</summary>
    public bool AllowInsecure { get; init; }
    /// <summary>Drops what RUN changes in directories that the image declares as volumes.</summary>
    public bool CompatVolumes { get; init; }
    /// <summary>Gives RUN the stream that comes with the request, which then is no context.</summary>
    public bool Input { get; init; }
    /// <summary>Further options of the OCI runtime, without their dashes.</summary>
    public IReadOnlyList<string> RuntimeFlags { get; init; } = [];
    /// <summary>Directories of OCI hooks in place of the engine's.</summary>
    public IReadOnlyList<string> HookDirectories { get; init; } = [];
    /// <summary>Directories of CDI specifications in place of the engine's.</summary>
    public IReadOnlyList<string> CdiDirectories { get; init; } = [];
    /// <summary>Options of the C preprocessor, which Containerfiles whose names end in <c>.in</c> go through.</summary>
    public IReadOnlyList<string> PreprocessorFlags { get; init; } = [];
    /// <summary>Secrets for <c>RUN --mount=type=secret</c>.</summary>
    public IReadOnlyList<BuildSecret> Secrets { get; init; } = [];
    /// <summary>How the image is scanned for a bill of materials; null for not at all.</summary>
    public SbomRequest? Sbom { get; init; }
    /// <summary>Sockets of key agents on the engine's host for <c>RUN --mount=type=ssh</c>, by id.</summary>
    public IReadOnlyDictionary<string, string> SshAgents { get; init; } = EmptyDictionary.Strings;
    /// <summary>Files of private keys on the engine's host for <c>RUN --mount=type=ssh</c>, by id: an agent holds them as long as the build lasts.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> SshKeys { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
