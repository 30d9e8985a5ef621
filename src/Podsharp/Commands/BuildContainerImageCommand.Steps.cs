using System.Collections;
using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Commands;

// How RUN is carried out, and where steps' results are shared.
public sealed partial class BuildContainerImageCommand
{
    /// <summary>Repositories to take steps' results from, where they aren't known here.</summary>
    [Parameter]
    public string[] CacheFrom { get; set; } = [];

    /// <summary>Repositories to put steps' results into.</summary>
    [Parameter]
    public string[] CacheTo { get; set; } = [];

    /// <summary>How RUN is kept apart from the host: Oci, by a container; Chroot, without an OCI runtime, by its root alone.</summary>
    [Parameter]
    public BuildIsolation Isolation { get; set; }

    /// <summary>Allows RUN --security=insecure: commands with all privileges.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>Files of private keys for RUN --mount=type=ssh, by id: an agent holds them as long as the build lasts.</summary>
    [Parameter]
    public Hashtable? SshKey { get; set; }

    /// <summary>Drops what RUN changes in directories that the image declares as volumes.</summary>
    [Parameter]
    public SwitchParameter CompatVolumes { get; set; }

    /// <summary>Options of the C preprocessor, which Containerfiles whose names end in .in go through.</summary>
    [Parameter]
    public string[] PreprocessorFlag { get; set; } = [];

    /// <summary>Further options of the OCI runtime, without their dashes.</summary>
    [Parameter]
    public string[] RuntimeFlag { get; set; } = [];

    /// <summary>Directories of OCI hooks in place of the engine's.</summary>
    [Parameter]
    public string[] HookDirectory { get; set; } = [];

    /// <summary>Directories of CDI specifications in place of the engine's.</summary>
    [Parameter]
    public string[] CdiDirectory { get; set; } = [];

    private ImageBuildRequest WithSteps(ImageBuildRequest request) => request with
    {
        CacheFrom = CacheFrom,
        CacheTo = CacheTo,
        Isolation = Isolation,
        AllowInsecure = AllowInsecure,
        SshKeys = Keys(),
        CompatVolumes = CompatVolumes,
        PreprocessorFlags = PreprocessorFlag,
        RuntimeFlags = [.. RuntimeFlag.Select(flag => flag.TrimStart('-'))],
        HookDirectories = [.. HookDirectory.Select(path => FullPath(path)!)],
        CdiDirectories = [.. CdiDirectory.Select(path => FullPath(path)!)],
    };

    private Dictionary<string, IReadOnlyList<string>> Keys()
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in SshKey ?? [])
        {
            string[] paths = [.. LanguagePrimitives.ConvertTo<string[]>(entry.Value).Select(path => FullPath(path)!)];
            if (Array.Find(paths, path => !System.IO.File.Exists(path)) is { } missing)
                throw EngineErrors.InvalidArgument($"there is no {missing}, which -SshKey names", missing, "name files of private keys");
            keys[entry.Key.ToString()!] = paths;
        }
        return keys;
    }
}
