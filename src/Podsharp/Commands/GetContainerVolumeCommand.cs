using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Get-ContainerVolume: the volumes.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerVolume")]
[OutputType(typeof(ContainerVolume))]
[OutputType(typeof(ContainerVolumeDetail))]
public sealed class GetContainerVolumeCommand : LookupCmdlet
{
    /// <summary>Names or wildcards; also the beginning of a name. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Volume")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only those that no container uses.</summary>
    [Parameter]
    [Alias("Dangling")]
    public SwitchParameter Unused { get; set; }

    /// <summary>Everything about each, as ContainerVolumeDetail objects: also who uses it, and its size.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void AcceptRecord()
    {
        var wanted = Name ?? [];
        Run(target: null, () => LookUpAsync(wanted));
    }

    private protected override async Task FindAsync(string nameOrId)
    {
        var volume = await Engine.InspectVolumeAsync(nameOrId, Cancellation);
        await ListAsync(other => other.Name == volume.Name);
    }

    private protected override Task FindAsync(IReadOnlyCollection<WildcardPattern> patterns) =>
        ListAsync(volume => patterns.Count == 0 || patterns.Any(pattern => pattern.IsMatch(volume.Name)));

    private async Task ListAsync(Func<ContainerVolume, bool> matches)
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(Filters.Read(Filter, Label));
        if (Unused)
            filters["dangling"] = ["true"];
        await foreach (var volume in Engine.ListVolumesAsync(new VolumeQuery { Filters = filters }, Cancellation))
            if (matches(volume))
                await EmitAsync(Detailed ? await DetailAsync(volume) : volume);
    }

    private async Task<ContainerVolumeDetail> DetailAsync(ContainerVolume volume)
    {
        var users = new List<string>();
        var query = new ContainerQuery { All = true, Filters = new Dictionary<string, IReadOnlyList<string>> { ["volume"] = [volume.Name] } };
        await foreach (var container in Engine.ListContainersAsync(query, Cancellation))
            users.Add(container.Name);
        var usage = (await Engine.MeasureStorageAsync(Cancellation)).First(kind => kind.Kind == StorageKind.Volume);
        return new() { Volume = volume, Containers = users, Size = usage.Items.FirstOrDefault(item => item.Name == volume.Name)?.Size ?? 0 };
    }
}
