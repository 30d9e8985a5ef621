using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>The variables of a whole file: what the caller gives, what ARG declares before the first FROM, and the platforms.</summary>
internal sealed class GlobalVariables
{
    private readonly IReadOnlyDictionary<string, string> _given;
    private readonly Dictionary<string, string> _platforms;
    private readonly Dictionary<string, string> _header = new(StringComparer.Ordinal);
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);

    /// <summary>Reads what stands before the first FROM.</summary>
    /// <param name="file">The file.</param>
    /// <param name="given">What <c>--build-arg</c> gives.</param>
    /// <param name="target">What is built for.</param>
    /// <param name="host">What is built on.</param>
    /// <exception cref="ContainerEngineException">InvalidContainerfile, InvalidSubstitution.</exception>
    internal GlobalVariables(Containerfile file, IReadOnlyDictionary<string, string> given, ImagePlatform target, ImagePlatform host)
    {
        _given = given;
        Escape = file.Directives.Escape;
        _platforms = PlatformVariables(target, host);
        foreach (var instruction in file.Instructions.TakeWhile(instruction => instruction is ArgInstruction).Cast<ArgInstruction>())
        {
            foreach (var (name, value) in instruction.Arguments)
            {
                _declared.Add(name);
                if (value is not null)
                    _header[name] = BuildVariables.Expand(instruction, value, Value, Escape);
            }
        }
        var used = file.Instructions.OfType<ArgInstruction>().SelectMany(instruction => instruction.Arguments).Select(argument => argument.Key);
        Unused = [.. given.Keys.Where(name => !IsPredefined(name)).Except(used).Order(StringComparer.Ordinal)];
    }

    /// <summary>The file's escape character.</summary>
    internal char Escape { get; }

    /// <summary>What the caller gives although no ARG asks for it, in order.</summary>
    internal IReadOnlyList<string> Unused { get; }

    /// <summary>Names that need no ARG: proxies, which leave no trace in the image.</summary>
    internal static IReadOnlyCollection<string> Proxies { get; } = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy",
        "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"];

    /// <summary>What FROM sees: the platforms, and what ARG has declared by then.</summary>
    internal string? Value(string name) => _platforms.TryGetValue(name, out var platform) ? Given(name) ?? platform
        : !_declared.Contains(name) ? null : Given(name) ?? _header.GetValueOrDefault(name);

    /// <summary>What the caller gives for an argument.</summary>
    internal string? Given(string name) => _given.TryGetValue(name, out var value) ? value : null;

    /// <summary>TARGETPLATFORM and its kin; null for other names.</summary>
    internal string? Platform(string name) => _platforms.GetValueOrDefault(name);

    /// <summary>The default that ARG gives a name before the first FROM.</summary>
    internal string? Header(string name) => _header.GetValueOrDefault(name);

    /// <summary>Arguments that the stages declare and nobody gives a value, in order: podman warns of them.</summary>
    internal IReadOnlyList<string> Missing(IEnumerable<Stage> stages)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in stages.SelectMany(stage => stage.Instructions).OfType<ArgInstruction>().SelectMany(argument => argument.Arguments))
        {
            if (value is { Length: > 0 })
                known.Add(name);
            else if (!known.Contains(name) && Given(name) is null && Header(name) is null && !IsPredefined(name))
                missing.Add(name);
        }
        return [.. missing];
    }

    private bool IsPredefined(string name) => Proxies.Contains(name) || _platforms.ContainsKey(name) || name == "SOURCE_DATE_EPOCH";

    private static Dictionary<string, string> PlatformVariables(ImagePlatform target, ImagePlatform host)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("TARGET", target);
        Add("BUILD", host);
        return variables;

        void Add(string prefix, ImagePlatform platform)
        {
            variables[prefix + "PLATFORM"] = platform.ToString();
            variables[prefix + "OS"] = platform.Os;
            variables[prefix + "ARCH"] = platform.Architecture;
            variables[prefix + "VARIANT"] = platform.Variant;
        }
    }
}
