using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;

namespace Podsharp.Pump;

// The parameters that say what it is called and told by.
public abstract partial class SpecCmdlet
{
    /// <summary>The container's name; an invented one when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>Removes another container of that name first, even if it runs.</summary>
    [Parameter]
    [Alias("Force")]
    public SwitchParameter Replace { get; set; }

    /// <summary>The pod to put it in: a name, an id or a pod; new:NAME makes one of its ports, networks and names.</summary>
    [Parameter]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string? Pod { get; set; }

    /// <summary>A file with the id of the pod to put it in.</summary>
    [Parameter]
    public string? PodIdFile { get; set; }

    /// <summary>A file to write the process id to.</summary>
    [Parameter]
    public string? PidFile { get; set; }

    /// <summary>A file to write conmon's process id to.</summary>
    [Parameter]
    public string? ConmonPidFile { get; set; }

    /// <summary>Labels: a hashtable, or NAME=value.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>Files with labels, one a line; what -Label says of a name counts.</summary>
    [Parameter]
    public string[] LabelFile { get; set; } = [];

    /// <summary>OCI annotations: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Annotation { get; set; }
}
