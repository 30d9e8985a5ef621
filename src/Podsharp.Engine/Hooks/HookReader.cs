using System.Text.Json;
using System.Text.RegularExpressions;
using Podsharp.Engine.Json;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Hooks;

/// <summary>Reads the directories of OCI hooks. A file of a later directory takes the place of one of the same name.</summary>
internal static class HookReader
{
    /// <summary>Where a host's root has them.</summary>
    internal static IReadOnlyList<string> DefaultDirectories { get; } = ["/usr/share/containers/oci/hooks.d", "/etc/containers/oci/hooks.d"];

    /// <summary>The hooks, in the order of their files' names.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for a file that is none: a container must not run without a hook that was meant for it.</exception>
    internal static IReadOnlyList<HookDefinition> Read(IReadOnlyList<string> directories)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var directory in directories.Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(directory, "*.json"))
                files[Path.GetFileName(path)] = path;
        }
        var hooks = new List<HookDefinition>(files.Count);
        foreach (var path in files.Values)
        {
            if (Files.TryReadAll(path) is { } content)
                hooks.Add(Read(path, content));
        }
        return hooks;
    }

    /// <summary>The program of a hook.</summary>
    internal static OciHook Hook(JsonRow row) => new(row.Required("path"), row.Texts("args"), row.Texts("env"), row.OptionalInt("timeout"));

    /// <summary>Reads a file's content.</summary>
    internal static HookDefinition Read(string path, byte[] content)
    {
        try
        {
            return JsonRow.Parse(content, false, row => Definition(path, row));
        }
        catch (Exception error) when (error is JsonException or RegexParseException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "HookInvalid", $"parsing hook \"{path}\": {error.Message}", path, "correct the file, or take it away", error);
        }
    }

    private static HookDefinition Definition(string path, JsonRow row)
    {
        if (row.Required("version") is not "1.0.0" and var version)
            throw new JsonException($"unrecognized hook version: \"{version}\"");
        var definition = new HookDefinition
        {
            Path = path,
            Hook = row.Object("hook", Hook) ?? throw new JsonException("hook is missing"),
            Stages = row.Texts("stages") is { Count: > 0 } stages ? stages : throw new JsonException("missing required property: stages"),
        };
        definition = row.Object("when", when => definition with
        {
            Always = when.OptionalFlag("always"),
            Annotations = when.Map("annotations") ?? EmptyDictionary.Strings,
            Commands = when.Texts("commands") ?? [],
            HasBindMounts = when.OptionalFlag("hasBindMounts"),
        }) ?? throw new JsonException("when is missing");
        Check(definition);
        return definition;
    }

    private static void Check(HookDefinition definition)
    {
        if (definition is { Always: null, Annotations.Count: 0, Commands.Count: 0, HasBindMounts: null })
            throw new JsonException("there is no condition in when");
        foreach (var stage in definition.Stages)
        {
            if (!StagedHook.Stages.Contains(stage))
                throw new JsonException($"unknown stage \"{stage}\"");
        }
        if (!definition.Hook.Path.StartsWith('/') || Files.TryStatus(definition.Hook.Path) is null)
            throw new JsonException($"hook path {definition.Hook.Path}: no such file or directory");
        foreach (var pattern in definition.Commands.Concat(definition.Annotations.Keys).Concat(definition.Annotations.Values))
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
    }
}
