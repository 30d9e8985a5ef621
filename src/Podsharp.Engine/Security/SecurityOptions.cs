using System.IO.Enumeration;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>podman's --security-opt words: <c>seccomp=</c>, <c>apparmor=</c>, <c>label=</c>, <c>mask=</c>, <c>unmask=</c>, <c>systempaths=unconfined</c>,
/// <c>proc-opts=</c>, <c>no-new-privileges</c>. Docker's older colon is taken too.</summary>
internal static class SecurityOptions
{
    /// <summary>The label of a container that labels files itself: what it has besides its label.</summary>
    internal const string Nested = "nested";

    /// <summary>Where SELinux has its files.</summary>
    internal const string KernelFiles = "/sys/fs/selinux";

    private const string NoNew = "no-new-privileges";

    private static readonly string[] Known = ["seccomp", "apparmor", "label", "mask", "unmask", NoNew, "proc-opts", "systempaths"];

    /// <summary>The last value of an option, or null.</summary>
    internal static string? Value(IReadOnlyList<string> options, string name) => Values(options, name).LastOrDefault();

    /// <summary>All values of an option.</summary>
    internal static IEnumerable<string> Values(IReadOnlyList<string> options, string name)
    {
        foreach (var option in options)
        {
            var (found, value) = Split(option);
            if (found == name) yield return value ?? "";
        }
    }

    /// <summary>Whether the process can't gain privileges by set-user-id programs.</summary>
    internal static bool NoNewPrivileges(IReadOnlyList<string> options) => Value(options, NoNew) is { } value && (value.Length == 0 || Flag(value) == true);

    /// <summary>Refuses unknown words and values.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(IReadOnlyList<string> options)
    {
        foreach (var option in options)
        {
            var (name, value) = Split(option);
            if (!Known.Contains(name) || (name == NoNew ? value is not null && Flag(value) is null : value is null))
            {
                throw EngineErrors.InvalidArgument($"invalid security option \"{option}\"", option,
                    "use seccomp=, apparmor=, label=, mask=, unmask=, systempaths=unconfined, proc-opts= or no-new-privileges");
            }
            if (name == "systempaths" && value != "unconfined")
                throw EngineErrors.InvalidArgument($"invalid systempaths option \"{value}\", only `unconfined` is supported", option, "use unmask= for single paths");
            if (name == "mask" && Paths(value!).FirstOrDefault(path => path[0] != '/') is { } relative)
                throw EngineErrors.InvalidArgument($"the path \"{relative}\" that is to be masked is not absolute", option, "begin it with /");
        }
    }

    /// <summary>The paths that are to be masked besides the usual ones.</summary>
    internal static IEnumerable<string> Masked(IReadOnlyList<string> options) => Values(options, "mask").SelectMany(Paths);

    /// <summary>Whether nothing is masked or read-only but what was asked for.</summary>
    internal static bool UnmasksAll(IReadOnlyList<string> options) =>
        Values(options, "systempaths").Any() || Values(options, "unmask").SelectMany(Paths).Any(word => word.Equals("ALL", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a path that is usually masked or read-only is not to be. Patterns are Go's: their <c>*</c> ends at a slash.</summary>
    internal static bool Unmasks(IReadOnlyList<string> options, string path) =>
        UnmasksAll(options) || (path == KernelFiles && IsNested(options)) || Values(options, "unmask").SelectMany(Paths).Any(pattern => Fits(pattern, path));

    /// <summary>Whether the container may label files itself.</summary>
    internal static bool IsNested(IReadOnlyList<string> options) => Values(options, "label").Contains(Nested);

    /// <summary>The options that a container has from those of its pod and its own: of each kind its own, but labels of both.</summary>
    internal static IReadOnlyList<string> Inherit(IReadOnlyList<string> pods, IReadOnlyList<string> own)
    {
        var given = own.Select(option => Split(option).Name).Where(name => name != "label").ToHashSet(StringComparer.Ordinal);
        return [.. pods.Where(option => !given.Contains(Split(option).Name)), .. own];
    }

    /// <summary>The options as podman's inspect tells them.</summary>
    /// <param name="options">The options.</param>
    /// <param name="privileged">Whether the container is privileged: then nothing is masked either.</param>
    internal static IReadOnlyList<string> Describe(IReadOnlyList<string> options, bool privileged)
    {
        var described = new List<string>();
        if (NoNewPrivileges(options))
            described.Add(NoNew);
        if (Values(options, "label").Where(label => label != Nested).ToList() is { Count: > 0 } labels)
            described.Add("label=" + string.Join(",label=", labels));
        foreach (var name in new[] { "seccomp", "apparmor" })
            if (Value(options, name) is { } value) described.Add($"{name}={value}");
        if ((privileged || UnmasksAll(options)) && !Masked(options).Any())
            described.Add("unmask=all");
        return described;
    }

    private static string[] Paths(string value) => value.Split(':', StringSplitOptions.RemoveEmptyEntries);

    private static bool Fits(string pattern, string path)
    {
        var (patterns, parts) = (pattern.Split('/'), path.Split('/'));
        return patterns.Length == parts.Length && patterns.Zip(parts).All(pair => pair.First == pair.Second || FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: false));
    }

    // As Go reads one.
    private static bool? Flag(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    // The value is null where there is none.
    private static (string Name, string? Value) Split(string option)
    {
        var split = option.IndexOf('=', StringComparison.Ordinal);
        if (split < 0)
            split = option.IndexOf(':', StringComparison.Ordinal);
        return split < 0 ? (option, null) : (option[..split], option[(split + 1)..]);
    }
}
