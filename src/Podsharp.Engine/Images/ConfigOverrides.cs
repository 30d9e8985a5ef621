using System.Text;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Lays a configuration over another, by buildah's rules: names are added, and an entry point or a command of the upper one replaces
/// both of the lower, since they belong together.</summary>
internal static class ConfigOverrides
{
    /// <summary>What a commit lays over the container's configuration: a configuration, and over that, instructions.</summary>
    /// <exception cref="ContainerEngineException">InvalidChange; InvalidArgument for a configuration that is no JSON.</exception>
    internal static ImageConfigSection Read(string? configuration, IEnumerable<string> changes)
    {
        var over = ImageChanges.Parse(changes).ToSection();
        if (configuration is null)
            return over;
        try
        {
            var under = ImageJson.ReadSection(Encoding.UTF8.GetBytes(configuration));
            // These two were written for each other: a command keeps the configuration's entry point.
            return Apply(under, over) with { Entrypoint = over.Entrypoint ?? under.Entrypoint, Cmd = over.Entrypoint is null ? over.Cmd ?? under.Cmd : over.Cmd };
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "InvalidConfiguration", $"the configuration is not valid: {error.Message}", null,
                "give the JSON of an image configuration's member \"config\": {\"Cmd\": [\"sh\"], \"Env\": [\"A=b\"]}", error);
        }
    }

    /// <summary>The lower configuration with what the upper one says.</summary>
    internal static ImageConfigSection Apply(ImageConfigSection under, ImageConfigSection over)
    {
        var isStarted = over.Entrypoint is { Count: > 0 } || over.Cmd is { Count: > 0 };
        return new()
        {
            User = Text(over.User, under.User),
            Env = Variables(under.Env, over.Env),
            Entrypoint = isStarted ? over.Entrypoint : under.Entrypoint,
            Cmd = isStarted ? over.Cmd : under.Cmd,
            WorkingDir = Text(over.WorkingDir, under.WorkingDir),
            Volumes = Names(under.Volumes, over.Volumes),
            ExposedPorts = Names(under.ExposedPorts, over.ExposedPorts),
            Labels = Labels(under.Labels, over.Labels),
            StopSignal = Text(over.StopSignal, under.StopSignal),
            Healthcheck = over.Healthcheck ?? under.Healthcheck,
            OnBuild = over.OnBuild is { Count: > 0 } ? over.OnBuild : under.OnBuild,
            Shell = over.Shell is { Count: > 0 } ? over.Shell : under.Shell,
        };
    }

    /// <summary>Both sets of names in order; null for none.</summary>
    internal static IReadOnlyList<string>? Names(IReadOnlyList<string>? a, IReadOnlyList<string>? b)
    {
        var names = new SortedSet<string>(a ?? [], StringComparer.Ordinal);
        names.UnionWith(b ?? []);
        return names.Count > 0 ? [.. names] : null;
    }

    /// <summary>Variables in the order of their first mention, each with its last value; null for none.</summary>
    internal static IReadOnlyList<string>? Variables(IReadOnlyList<string>? a, IReadOnlyList<string>? b)
    {
        var variables = new List<string>();
        foreach (var variable in (a ?? []).Concat(b ?? []))
        {
            var name = variable[..(variable.IndexOf('=') + 1)];
            var index = name.Length == 0 ? -1 : variables.FindIndex(other => other.StartsWith(name, StringComparison.Ordinal));
            if (index < 0)
                variables.Add(variable);
            else
                variables[index] = variable;
        }
        return variables.Count > 0 ? variables : null;
    }

    /// <summary>Both sets of labels; null for none.</summary>
    internal static Dictionary<string, string>? Labels(Dictionary<string, string>? a, IEnumerable<KeyValuePair<string, string>>? b)
    {
        if (b is null)
            return a;
        var labels = new Dictionary<string, string>(a ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in b)
            labels[name] = value;
        return labels;
    }

    private static string? Text(string? first, string? second) => first is { Length: > 0 } ? first : second;
}
