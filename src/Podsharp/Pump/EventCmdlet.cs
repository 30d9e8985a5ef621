using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets about events: which ones are meant.</summary>
public abstract class EventCmdlet : EngineCmdlet
{
    /// <summary>Only events about these: container, image, volume, network, system ...</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EventTypeCompleter))]
    public string[]? Type { get; set; }

    /// <summary>Only these events: create, start, died, remove, pull ...</summary>
    [Parameter(Position = 0)]
    [Alias("Event")]
    [ArgumentCompleter(typeof(EventStatusCompleter))]
    public string[]? Status { get; set; }

    /// <summary>Only events of these containers: names, ids or the beginning of ids.</summary>
    [Parameter]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Container { get; set; }

    /// <summary>Only events of these images: names, ids or the beginning of ids.</summary>
    [Parameter]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Image { get; set; }

    /// <summary>Only events of these pods: names, ids or the beginning of ids. Those of their containers are the containers'.</summary>
    [Parameter]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Pod { get; set; }

    /// <summary>Only events of volumes whose names begin so.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[]? Volume { get; set; }

    /// <summary>Only events of these networks: names, ids or the beginning of ids.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[]? Network { get; set; }

    /// <summary>Only events with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter]
    public object[]? Label { get; set; }

    /// <summary>podman's filters: a hashtable of type, event, container, image, volume, network, pod, secret and label.</summary>
    [Parameter]
    public Hashtable? Filter { get; set; }

    /// <summary>The query of the parameters.</summary>
    private protected EventQuery Query()
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(Filters.Read(Filter, null));
        void Add(string key, string[]? values)
        {
            if (values is { Length: > 0 })
                filters[key] = filters.TryGetValue(key, out var others) ? [.. others, .. values] : values;
        }
        Add("type", Type);
        Add("event", Status);
        Add("container", Container);
        Add("image", Image);
        Add("pod", Pod);
        Add("volume", Volume);
        Add("network", Network);
        return new EventQuery { Filters = filters, Labels = Filters.Read(null, Label).GetValueOrDefault("label") ?? [] };
    }
}
