using System.Text.Json;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Pods;

/// <summary>Turns the options of <c>pod create</c> into a <see cref="PodSpec"/>.</summary>
public static class PodSpecBuilder
{
    /// <summary>Reads a command line.</summary>
    /// <param name="line">The parsed command.</param>
    /// <param name="caller">The caller's directory, variables and files.</param>
    /// <param name="createCommand">The whole command line, for inspect.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument or Unsupported.</exception>
    public static PodSpec Build(ParsedCommand line, CallerContext caller, IReadOnlyList<string> createCommand)
    {
        if (line.Given("name") && line.Arguments.Count > 0)
            throw EngineErrors.InvalidArgument("cannot specify --name and NAME at the same time", line.Arguments[0], "leave one of them out");
        var share = Share(line.Text("share") ?? "");
        // No infra container where there is nothing to share, unless it is asked for.
        var infra = line.Given("infra") ? line.Flag("infra") : share.Count > 0;
        if (!infra && line.Given("no-hosts"))
            throw EngineErrors.InvalidArgument("cannot specify --no-hosts without an infra container", null, "leave the infra container in");
        return new()
        {
            Name = line.Arguments.Count > 0 ? line.Arguments[0] : line.Text("name") is { Length: > 0 } name ? name : null,
            Replace = line.Flag("replace"),
            Labels = ContainerSpecBuilder.Labels(line, caller),
            Infra = infra,
            InfraName = line.Text("infra-name") is { Length: > 0 } infraName ? infraName : null,
            InfraImage = line.Text("infra-image") is { Length: > 0 } image ? image : null,
            InfraCommand = line.Text("infra-command") is { Length: > 0 } command ? Command(command) : null,
            Share = infra || line.Given("share") ? share : [],
            ShareParent = line.Flag("share-parent"),
            ExitPolicy = ExitPolicy(line.Text("exit-policy")!),
            Container = ContainerSpecBuilder.Infra(line, caller) with
            {
                ConmonPidFile = line.Text("infra-conmon-pidfile") is { Length: > 0 } file ? caller.Resolve(file) : null,
            },
            CreateCommand = createCommand,
        };
    }

    /// <summary>Reads <c>pod clone</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument or Unsupported.</exception>
    public static PodCloneRequest Clone(ParsedCommand line, CallerContext caller, IReadOnlyList<string> createCommand) => new()
    {
        Name = line.Arguments.Count > 1 ? line.Arguments[1] : line.Text("name") is { Length: > 0 } name ? name : null,
        Destroy = line.Flag("destroy"),
        Labels = ContainerSpecBuilder.Labels(line, caller),
        InfraName = line.Text("infra-name") is { Length: > 0 } infraName ? infraName : null,
        InfraCommand = line.Text("infra-command") is { Length: > 0 } command ? Command(command) : null,
        Container = ContainerSpecBuilder.Infra(line, caller) with
        {
            ConmonPidFile = line.Text("infra-conmon-pidfile") is { Length: > 0 } file ? caller.Resolve(file) : null,
        },
        CreateCommand = createCommand,
    };

    /// <summary>Reads the namespaces to share: words with commas, <c>+</c> before them for those beside the usual ones, <c>none</c> for none.</summary>
    public static IReadOnlyList<string> Share(string text)
    {
        var more = text.StartsWith('+');
        var words = (more ? text[1..] : text).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words is ["none"] ? [] : [.. (more ? PodSpec.DefaultShare : []).Concat(words).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Reads an exit policy.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static PodExitPolicy ExitPolicy(string text) => text switch
    {
        "continue" or "" => PodExitPolicy.Continue,
        "stop" => PodExitPolicy.Stop,
        _ => throw EngineErrors.InvalidArgument($"invalid pod exit policy: \"{text}\"", text, "use continue or stop"),
    };

    // A program with its arguments as a shell has them, or a JSON array.
    private static IReadOnlyList<string> Command(string text)
    {
        if (!text.TrimStart().StartsWith('['))
            return text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(word => word.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw EngineErrors.InvalidArgument($"\"{text}\" is not a JSON array of strings", text, "write it as [\"PROGRAM\", \"ARGUMENT\"]");
        }
    }
}
