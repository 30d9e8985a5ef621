using System.Globalization;
using System.Text;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Turns the words of <c>build</c> into what is to be built.</summary>
public static class BuildRequestBuilder
{
    /// <summary>Whether a word for a context is an address rather than a path of the caller's.</summary>
    public static bool IsAddress(string word) => BuildPlace.IsAddress(word);

    /// <summary>The request.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="caller">Whose directory, variables and files its words mean.</param>
    /// <param name="readInput">Reads standard input as text, for <c>-f -</c>.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument; ContainerfileNotFound; Unsupported.</exception>
    public static ImageBuildRequest Build(ParsedCommand line, CallerContext caller, Func<string> readInput)
    {
        var place = BuildPlace.Parse(line, caller);
        var files = place.Files(line.List("file"), readInput);
        var request = new ImageBuildRequest
        {
            Context = place.Context,
            Files = files,
            IgnoreRules = place.IgnoreRules(line.Text("ignorefile"), files),
            Contexts = Contexts(line.List("build-context"), caller),
            Names = line.List("tag"),
            From = line.Text("from") is { Length: > 0 } from ? from : null,
            Target = line.Text("target") is { Length: > 0 } target ? target : null,
            Arguments = Arguments(line, caller),
            Format = Format(line.Text("format") ?? ""),
            SkipUnusedStages = line.Flag("skip-unused-stages"),
            Jobs = line.Number("jobs") is { } jobs and >= 0 and <= int.MaxValue ? (int)jobs
                : throw EngineErrors.InvalidArgument("--jobs is a number of at least 0", line.Text("jobs"), "0 builds as many stages at once as can be"),
            PullPolicy = Policy(line),
            Registry = ContainerSpecBuilder.Registry(line, caller),
            Run = ContainerSpecBuilder.Step(line, caller),
            Secrets = [.. line.List("secret").Select(secret => Secret(secret, caller))],
            SshAgents = AgentOptions.Sockets(line.List("ssh"), caller),
            SshKeys = AgentOptions.Keys(line.List("ssh"), caller),
            PreprocessorFlags = [.. ShellWords.Split(caller.Environment.GetValueOrDefault("BUILDAH_CPPFLAGS") ?? ""), .. line.List("cpp-flag")],
            Sbom = SbomOptions.From(line, caller)?.Build(),
        };
        return WithSteps(WithPlatforms(WithLayers(WithResult(request, line, caller), line, caller), line), line, caller);
    }

    /// <summary>The date that the caller's variable SOURCE_DATE_EPOCH names (https://reproducible-builds.org/specs/source-date-epoch/); null if it isn't set.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it is no time.</exception>
    public static DateTimeOffset? SourceDate(IReadOnlyDictionary<string, string> variables) => Date(variables.GetValueOrDefault("SOURCE_DATE_EPOCH"));

    private static ImageBuildRequest WithResult(ImageBuildRequest request, ParsedCommand line, CallerContext caller)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        EnvironmentParser.Parse(line.List("env"), caller.Environment, environment);
        request = request with
        {
            Labels = KeyValueParser.Parse(line.List("label"), "label"),
            RemoveLabels = line.List("unsetlabel"),
            InheritLabels = line.Flag("inherit-labels"),
            LayerLabels = KeyValueParser.Parse(line.List("layer-label"), "layer-label"),
            RemoveAnnotations = line.List("unsetannotation"),
            InheritAnnotations = line.Flag("inherit-annotations"),
            CreatedAnnotation = line.Flag("created-annotation"),
            Annotations = KeyValueParser.Parse(line.List("annotation"), "annotation", valueNeeded: true),
            Environment = environment,
            RemoveEnvironment = line.List("unsetenv"),
            Timestamp = line.Number("timestamp") is { } seconds ? Time(seconds.ToString(CultureInfo.InvariantCulture), "--timestamp") : null,
            SourceDate = line.Text("source-date-epoch") is { } epoch ? Date(epoch) : SourceDate(caller.Environment),
            RewriteTimestamp = line.Flag("rewrite-timestamp"),
            OmitHistory = line.Flag("omit-history"),
        };
        return request is not { Timestamp: not null, SourceDate: not null } || !line.Given("source-date-epoch") ? request
            : throw EngineErrors.InvalidArgument("--timestamp and --source-date-epoch exclude each other", null, "leave one of them out");
    }

    // --squash makes one layer of what is new, as docker's does; --squash-all one of everything.
    private static ImageBuildRequest WithLayers(ImageBuildRequest request, ParsedCommand line, CallerContext caller)
    {
        var (squash, squashAll) = (line.Flag("squash"), line.Flag("squash-all"));
        if (squash && squashAll)
            throw EngineErrors.InvalidArgument("cannot specify --squash-all with --squash", null, "leave one of them out");
        var byVariable = caller.Environment.GetValueOrDefault("BUILDAH_LAYERS")?.ToLowerInvariant() is "0" or "false";
        var layers = line.Given("layers") ? line.Flag("layers") : !byVariable;
        return request with
        {
            Squash = squash,
            SquashAll = squashAll,
            Layers = layers && !squash && (!squashAll || line.Given("layers")),
            UseCache = !line.Flag("no-cache"),
            CacheAge = line.Text("cache-ttl") is { Length: > 0 } age ? DurationParser.Parse(age, "--cache-ttl") : null,
        };
    }

    private static ImageBuildRequest WithSteps(ImageBuildRequest request, ParsedCommand line, CallerContext caller) => request with
    {
        Isolation = Isolation(line.Text("isolation") ?? caller.Environment.GetValueOrDefault("BUILDAH_ISOLATION") ?? ""),
        AllowInsecure = line.List("allow").Any(IsInsecure),
        CompatVolumes = line.Flag("compat-volumes"),
        Input = line.Flag("stdin") && (request.Context is not null ? true
            : throw EngineErrors.InvalidArgument("--stdin and a context on standard input exclude each other", null, "name a directory as the context")),
        RuntimeFlags = [.. line.List("runtime-flag").Select(flag => flag.TrimStart('-'))],
        HookDirectories = [.. line.List("hooks-dir").Select(caller.Resolve)],
        CdiDirectories = line.Text("cdi-config-dir") is { Length: > 0 } directory ? [caller.Resolve(directory)] : [],
        CacheFrom = line.List("cache-from"),
        CacheTo = line.List("cache-to"),
    };

    // An ordinary user's containers are what podman calls rootless whatever is said.
    private static BuildIsolation Isolation(string text) => text.ToLowerInvariant() switch
    {
        "" or "default" or "oci" or "rootless" => BuildIsolation.Oci,
        "chroot" => BuildIsolation.Chroot,
        _ => throw EngineErrors.InvalidArgument($"unrecognized isolation type \"{text}\"", text, "choose oci, rootless or chroot"),
    };

    private static bool IsInsecure(string word) => word == "security.insecure" ? true
        : throw EngineErrors.InvalidArgument($"nothing is known that --allow={word} would allow", word, "the one word is security.insecure; --network=host needs no leave");

    private static Dictionary<string, string> Arguments(ParsedCommand line, CallerContext caller)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in line.List("build-arg-file"))
            EnvironmentParser.Parse(EnvironmentParser.ReadFile(BuildPlace.ReadText(caller, file), file), caller.Environment, arguments);
        foreach (var word in line.List("build-arg"))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals == 0 || word.Length == 0)
                throw EngineErrors.InvalidArgument($"invalid build argument \"{word}\"", word, "write it as NAME=VALUE, or NAME for the caller's variable");
            if (equals > 0)
                arguments[word[..equals]] = word[(equals + 1)..];
            else if (caller.Environment.TryGetValue(word, out var value))
                arguments[word] = value;
            else
                arguments.Remove(word);
        }
        return arguments;
    }

    private static Dictionary<string, string> Contexts(IReadOnlyList<string> words, CallerContext caller)
    {
        var contexts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in KeyValueParser.Parse(words, "build context", valueNeeded: true))
        {
            if (value.Length == 0)
                throw EngineErrors.InvalidArgument($"the build context \"{name}\" is empty", name, "name a directory, an address or an image");
            contexts[name] = value.StartsWith("docker://", StringComparison.Ordinal) ? "container-image://" + value["docker://".Length..]
                : BuildPlace.IsAddress(value) ? value : caller.Resolve(value);
        }
        return contexts;
    }

    private static ImageFormat Format(string text) => text.ToLowerInvariant() switch
    {
        "oci" => ImageFormat.Oci,
        "docker" => ImageFormat.Docker,
        _ => throw EngineErrors.InvalidArgument($"unrecognized image type \"{text}\"", text, "choose oci or docker"),
    };

    private static ImageBuildRequest WithPlatforms(ImageBuildRequest request, ParsedCommand line)
    {
        // "local" is this host.
        List<ImagePlatform> platforms = [.. line.List("platform").Select(text => text is "local" ? new ImagePlatform("", "") : ImagePlatform.Parse(text))];
        if (platforms.Count > 0 && (line.Given("os") || line.Given("arch") || line.Given("variant")))
            throw EngineErrors.InvalidArgument("invalid --platform may not be used with --os, --arch, or --variant", line.Text("platform"), "leave these out");
        if (line.Flag("logsplit") && string.IsNullOrEmpty(line.Text("logfile")))
            throw EngineErrors.InvalidArgument("cannot use --logsplit without --logfile", null, "name the files' beginning: --logfile FILE");
        return request with
        {
            Platform = platforms.Count == 1 ? platforms[0] : ContainerSpecBuilder.Platform(line),
            Platforms = platforms.Count > 1 ? platforms : [],
            AllPlatforms = line.Flag("all-platforms"),
            List = line.Text("manifest") is { Length: > 0 } list ? list : null,
            OsVersion = line.Text("os-version") is { Length: > 0 } version ? version : null,
            OsFeatures = line.List("os-feature"),
        };
    }

    private static PullPolicy Policy(ParsedCommand line)
    {
        var (always, never) = (line.Flag("pull-always"), line.Flag("pull-never"));
        if ((always ? 1 : 0) + (never ? 1 : 0) + (line.Given("pull") ? 1 : 0) > 1)
            throw EngineErrors.InvalidArgument("can only set one of 'pull' or 'pull-always' or 'pull-never'", null, "leave the others out");
        return always ? PullPolicy.Always : never ? PullPolicy.Never : ContainerSpecBuilder.Policy(line.Text("pull") ?? "missing");
    }

    // id=NAME[,src=FILE|VARIABLE][,env=VARIABLE][,type=file|env]; without a type, a variable of the id's name comes before a file.
    private static BuildSecret Secret(string text, CallerContext caller)
    {
        string? id = null, source = null, type = null;
        foreach (var (name, value) in text.Split(',').Select(word => word.Split('=', 2) is [var key, var given] ? (key, given) : (word, null)))
        {
            switch (name)
            {
                case "id": id = value; break;
                case "src" or "source": source = value; break;
                case "env": (source, type) = (value, "env"); break;
                case "type" when value is "file" or "env": type = value; break;
                default: throw InvalidSecret(text);
            }
        }
        if (string.IsNullOrEmpty(id))
            throw InvalidSecret(text);
        source ??= id;
        if (type == "env" || (type is null && caller.Environment.ContainsKey(id)))
        {
            return caller.Environment.TryGetValue(source, out var variable) ? new(id, Encoding.UTF8.GetBytes(variable))
                : throw EngineErrors.InvalidArgument($"the secret {id} has no value: the variable {source} is not set", id, "set it, or name a file: id=NAME,src=FILE");
        }
        return new(id, BuildPlace.ReadBytes(caller, source, $"the secret {id}"));
    }

    private static ContainerEngineException InvalidSecret(string text) =>
        EngineErrors.InvalidArgument($"invalid secret \"{text}\"", text, "write it as id=NAME[,src=FILE][,env=VARIABLE][,type=file|env]");

    private static DateTimeOffset? Date(string? epoch) => epoch is { Length: > 0 } ? Time(epoch, "--source-date-epoch") : null;

    private static DateTimeOffset Time(string text, string option)
    {
        const long latest = 253402300799;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= latest
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw EngineErrors.InvalidArgument($"{option} \"{text}\" is not a time", text, "give the seconds since 1970");
    }
}
