using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

// The parameters that say how it ends and what is kept.
public abstract partial class SpecCmdlet
{
    /// <summary>Removes it, and its anonymous volumes, when its process ends.</summary>
    [Parameter]
    public SwitchParameter AutoRemove { get; set; }

    /// <summary>Removes the container and its image, unless another container uses that, when its process ends.</summary>
    [Parameter]
    public SwitchParameter AutoRemoveImage { get; set; }

    /// <summary>When it is started again after its end: No, OnFailure, OnFailure:3, Always, UnlessStopped.</summary>
    [Parameter]
    [RestartPolicyTransformation]
    [ArgumentCompleter(typeof(RestartPolicyCompleter))]
    public Model.RestartPolicy? RestartPolicy { get; set; }

    /// <summary>Enables the systemd unit that starts containers with the policy Always or UnlessStopped after a reboot.</summary>
    [Parameter]
    public SwitchParameter EnableBootUnit { get; set; }

    /// <summary>Containers that are started first: names or containers; "db:Healthy" waits for its health check, "job:Completed" for its good end.</summary>
    [Parameter]
    [RequirementTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public ContainerRequirement[] Requires { get; set; } = [];

    /// <summary>The signal that asks it to end.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>Seconds between the stop signal and SIGKILL.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? StopTimeout { get; set; }

    /// <summary>Seconds that it may run before it is killed.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Whether it is prepared for systemd: where its command is systemd or an init, always or never.</summary>
    [Parameter]
    [ValidateSet("True", "False", "Always")]
    public string SystemdMode { get; set; } = "True";

    /// <summary>Who tells systemd, where it started this session as a service, that the service is ready.</summary>
    [Parameter]
    [ValidateSet("Container", "Conmon", "Healthy", "Ignore")]
    public string SdNotify { get; set; } = "Ignore";

    /// <summary>Where its output is kept: k8s-file, json-file (the same), journald, none; passthrough gives it the streams of this process.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LogDriverCompleter))]
    public string? LogDriver { get; set; }

    /// <summary>Options of the log: path, max-size, max-file, tag.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? LogOption { get; set; }

    /// <summary>The OCI runtime, by name or path.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RuntimeCompleter))]
    public string? Runtime { get; set; }
}
