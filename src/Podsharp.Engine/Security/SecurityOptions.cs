using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>podman's --security-opt words: <c>seccomp=</c>, <c>apparmor=</c>, <c>label=</c>, <c>mask=</c>, <c>unmask=</c>,
/// <c>no-new-privileges</c>. Docker's older colon is taken too.</summary>
internal static class SecurityOptions
{
    private static readonly string[] Known = ["seccomp", "apparmor", "label", "mask", "unmask", "no-new-privileges", "proc-opts"];

    /// <summary>The last value of an option, or null.</summary>
    internal static string? Value(IReadOnlyList<string> options, string name) => Values(options, name).LastOrDefault();

    /// <summary>All values of an option.</summary>
    internal static IEnumerable<string> Values(IReadOnlyList<string> options, string name)
    {
        foreach (var option in options)
        {
            var (found, value) = Split(option);
            if (found == name) yield return value;
        }
    }

    /// <summary>Whether the process can't gain privileges by set-user-id programs.</summary>
    internal static bool NoNewPrivileges(IReadOnlyList<string> options) => Value(options, "no-new-privileges") is { } value && value is "" or "true";

    /// <summary>Refuses unknown words.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(IReadOnlyList<string> options)
    {
        foreach (var option in options)
        {
            if (!Known.Contains(Split(option).Name))
            {
                throw EngineErrors.InvalidArgument($"invalid security option \"{option}\"", option,
                    "use seccomp=, apparmor=, label=, mask=, unmask= or no-new-privileges");
            }
        }
    }

    private static (string Name, string Value) Split(string option)
    {
        var split = option.IndexOf('=', StringComparison.Ordinal);
        if (split < 0)
            split = option.IndexOf(':', StringComparison.Ordinal);
        return split < 0 ? (option, "") : (option[..split], option[(split + 1)..]);
    }
}
