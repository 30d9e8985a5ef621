using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Mounts: podman's words, or a hashtable with the properties of <see cref="ContainerMount"/> (Type, Source, Target, ReadOnly,
/// Options, SubPath); for volumes also a hashtable of sources and targets.</summary>
/// <param name="syntax">The notation of texts.</param>
internal sealed class MountTransformationAttribute(MountSyntax syntax) : TransformationAttribute
{
    private protected override object StandIn => new ContainerMount[0];

    private protected override object? Convert(object? value, EngineIntrinsics? session) =>
        value is null ? null : Flatten(value).SelectMany(item => Mounts(item, Directory(session))).ToArray();

    private IEnumerable<ContainerMount> Mounts(object value, string directory)
    {
        switch (value)
        {
            case ContainerMount mount:
                return [mount];
            case ContainerVolume volume:
                throw EngineErrors.InvalidArgument($"where to mount the volume {volume.Name} is missing", volume.Name, $"write \"{volume.Name}:/path\"");
            case IDictionary table when syntax == MountSyntax.Volume && !table.Keys.Cast<object>().Any(key => "Target".Equals(key as string, StringComparison.OrdinalIgnoreCase)):
                return [.. table.Cast<DictionaryEntry>().Select(entry => MountParser.ParseVolume($"{entry.Key}:{entry.Value}", directory))];
            case IDictionary table:
                return [FromTable(table, directory)];
        }
        var text = value.ToString() ?? "";
        return syntax switch
        {
            MountSyntax.Mount => [MountParser.ParseMount(text, directory)],
            MountSyntax.Tmpfs => [MountParser.ParseTmpfs(text)],
            _ => [MountParser.ParseVolume(text, directory)],
        };
    }

    private ContainerMount FromTable(IDictionary table, string directory)
    {
        var entries = Entries(table, "a mount", "Type", "Source", "Target", "ReadOnly", "Options", "SubPath");
        var source = entries.GetValueOrDefault("Source")?.ToString() ?? "";
        var target = entries.GetValueOrDefault("Target")?.ToString();
        if (string.IsNullOrEmpty(target) && !"Glob".Equals(entries.GetValueOrDefault("Type")?.ToString(), StringComparison.OrdinalIgnoreCase))
            throw EngineErrors.InvalidArgument("a mount needs Target", null, "for example @{ Type = 'Bind'; Source = './site'; Target = '/srv'; ReadOnly = $true }");
        List<string> options = [.. Flatten(entries.GetValueOrDefault("Options")).Select(option => option.ToString() ?? "")];
        if (entries.TryGetValue("ReadOnly", out var readOnly) && System.Convert.ToBoolean(readOnly, CultureInfo.InvariantCulture))
            options.Add("ro");
        var type = ReadType(entries.GetValueOrDefault("Type"), source);
        if (type is MountType.Bind or MountType.Glob)
            source = Path.GetFullPath(source, directory);
        return new ContainerMount
        {
            Type = type,
            Source = source,
            Target = target ?? "",
            Options = options,
            SubPath = entries.GetValueOrDefault("SubPath")?.ToString(),
        };
    }

    private MountType ReadType(object? value, string source) => value switch
    {
        null when syntax == MountSyntax.Tmpfs => MountType.Tmpfs,
        null => source.StartsWith('/') || source.StartsWith('.') ? MountType.Bind : MountType.Volume,
        MountType type => type,
        _ when Enum.TryParse<MountType>(value.ToString(), ignoreCase: true, out var type) => type,
        _ => throw EngineErrors.InvalidArgument($"unknown mount type \"{value}\"", value.ToString(), "use Bind, Volume, Tmpfs, Ramfs, Devpts, Image, Glob or Artifact"),
    };
}
