using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Hosting;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Files;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Copy-ContainerFile: copies files between containers, and between a container and this host. Emits what was made on this host.</summary>
[Cmdlet(VerbsCommon.Copy, "ContainerFile", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class CopyContainerFileCommand : ThrottledCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string ContainerSet = "Container";

    /// <summary>What to copy: CONTAINER:PATH, or a path of this host with wildcards. With -Container and without -ToContainer a path of the
    /// container. A directory that ends in /. means its content.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ContainerSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerFileCompleter))]
    public string[]? Path { get; set; }

    /// <summary>Paths of this host, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Where to: CONTAINER:PATH, or a path of this host. With -ToContainer a path of the container.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerFileCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>Containers to copy from, or to with -ToContainer.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ContainerSet, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ValidateNotNull]
    public Container[]? Container { get; set; }

    /// <summary>Copies from this host into the containers of -Container.</summary>
    [Parameter(ParameterSetName = ContainerSet)]
    public SwitchParameter ToContainer { get; set; }

    /// <summary>Replaces directories by files and files by directories.</summary>
    [Parameter]
    [Alias("Force")]
    public SwitchParameter Overwrite { get; set; }

    /// <summary>Leaves owners as they are; without it what is copied into a container belongs to its user.</summary>
    [Parameter]
    public SwitchParameter KeepOwner { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var path in LiteralPath ?? [])
            Accept(OnHost(path), Locate(Destination));
        foreach (var container in Container ?? [])
            foreach (var path in Path ?? [])
                AcceptOf(container, path);
        if (ParameterSetName != PathSet)
            return;
        foreach (var path in Path ?? [])
            foreach (var source in Expand(path))
                Accept(source, Locate(Destination));
    }

    private void AcceptOf(Container container, string path)
    {
        if (!ToContainer)
            Accept(new FileLocation(container.Id, path), OnHost(Destination), container);
        else
            foreach (var source in ExpandOnHost(path))
                Accept(source, new FileLocation(container.Id, Destination), container);
    }

    private void Accept(FileLocation source, FileLocation target, Container? container = null)
    {
        if (ShouldProcess(Show(source, container), $"Copy to {Show(target, container)}"))
            Run(container ?? (object)source.Path, () => CopyAsync(source, target));
    }

    private async Task CopyAsync(FileLocation source, FileLocation target)
    {
        // Host paths are absolute by now.
        var caller = new CallerContext { Directory = "/", Environment = EmptyDictionary.Strings };
        var copier = new FileCopier(Engine, EngineProvider.CreateHostFiles(), caller);
        var made = await copier.CopyAsync(source, target, new FileUnpackOptions { TakeOwnership = !KeepOwner, Overwrite = Overwrite }, Cancellation);
        if (target.Container is null)
            await EmitFileAsync(made);
    }

    private IEnumerable<FileLocation> Expand(string path) => Locate(path) is { Container: not null } location ? [location] : ExpandOnHost(path);

    private IEnumerable<FileLocation> ExpandOnHost(string path) => WildcardPattern.ContainsWildcardCharacters(path)
        ? GetResolvedProviderPathFromPSPath(path, out _).Select(found => new FileLocation(null, found))
        : [OnHost(path)];

    private FileLocation Locate(string text)
    {
        try
        {
            var location = FileLocation.Parse(text);
            return location.Container is null ? OnHost(text) : location;
        }
        catch (ContainerEngineException error)
        {
            ThrowTerminatingError(ErrorRecords.Create(error, text));
            throw;
        }
    }

    private FileLocation OnHost(string path) => FileLocation.OnHost(GetUnresolvedProviderPathFromPSPath(path), path);

    private static string Show(FileLocation location, Container? container) => location.Container is null ? location.Path
        : $"{(location.Container == container?.Id ? container.Name : location.Container)}:{location.Path}";
}
