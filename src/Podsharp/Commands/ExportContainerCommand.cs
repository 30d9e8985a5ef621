using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Export-Container: writes containers' root file systems as tar archives.</summary>
[Cmdlet(VerbsData.Export, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerCommand : ContainerCmdlet
{
    /// <summary>The archive to write, or a directory: in it one is made for each container, NAME.tar.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [Alias("PSPath", "FilePath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not replace a file that is there.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (ShouldProcess(target.Display, $"Export root file system to {path}"))
            Run(target.ErrorTarget, () => ExportAsync(target, path));
    }

    private async Task ExportAsync(ContainerTarget target, string path)
    {
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, await NameAsync(target) + ".tar");
        // Beside it first: what is there stays until the new one is complete.
        var part = $"{path}.part-{Guid.NewGuid():N}";
        try
        {
            await using (var file = Create(part))
                await Engine.ExportContainerAsync(target.Key, file, Cancellation);
            Replace(part, path);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
        await EmitAsync(new FileInfo(path));
    }

    private async Task<string> NameAsync(ContainerTarget target) =>
        target.Container?.Name ?? (await Engine.InspectContainerAsync(target.Key, cancellationToken: Cancellation)).Container.Name;

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ArchiveNotWritable", $"the archive can't be written: {e.Message}", path,
                "name a file in a directory that exists and may be written to", e);
        }
    }

    private void Replace(string part, string path)
    {
        try
        {
            File.Move(part, path, overwrite: !NoClobber);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new ContainerEngineException(ErrorKind.NameInUse, "FileExists", $"the file {path} exists already", path,
                "leave out -NoClobber to replace it, or name another", e);
        }
    }
}
