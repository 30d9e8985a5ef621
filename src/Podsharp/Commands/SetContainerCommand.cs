using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Set-Container: changes the limits, the networks, the ports, the restart policy, the health checks and the variables of containers and emits them.</summary>
[Cmdlet(VerbsCommon.Set, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed partial class SetContainerCommand : LimitCmdlet
{
    private ContainerUpdate update = new();

    /// <summary>When it is started again after its end: No, OnFailure, OnFailure:3, Always, UnlessStopped.</summary>
    [Parameter]
    [RestartPolicyTransformation]
    [ArgumentCompleter(typeof(RestartPolicyCompleter))]
    public RestartPolicy? RestartPolicy { get; set; }

    /// <summary>Enables the systemd unit that starts containers with the policy Always or UnlessStopped after a reboot.</summary>
    [Parameter]
    public SwitchParameter EnableBootUnit { get; set; }

    /// <summary>Variables to set from the next start on: a hashtable, NAME=value, or NAME to pass the session's value on.</summary>
    [Parameter]
    [DictionaryTransformation(Environment = true)]
    public Hashtable? Environment { get; set; }

    /// <summary>Variables to leave out from the next start on, whoever set them.</summary>
    [Parameter]
    public string[] RemoveEnvironment { get; set; } = [];

    /// <summary>Process limits from the next start on, in place of all given before: "nofile=1024:2048", or a hashtable of names and values.</summary>
    [Parameter]
    [UlimitTransformation]
    public Ulimit[]? Ulimit { get; set; }

    /// <summary>Networks in place of those it has, at once if it runs: open connections drop. Addresses in networks that stay are kept.</summary>
    [Parameter]
    [NetworkTransformation]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Network { get; set; }

    /// <summary>Published ports in place of those it has, at once if it runs: open connections drop. An empty array publishes none.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [PortTransformation]
    public PortMapping[]? Publish { get; set; }

    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var health = BuildHealth();
        var sameHealth = health == new HealthSpec();
        update = new ContainerUpdate
        {
            Health = sameHealth ? null : health,
            Resources = BuildResources(),
            RestartPolicy = RestartPolicy,
            Environment = DictionaryTransformationAttribute.ToStrings(Environment),
            RemoveEnvironment = RemoveEnvironment,
            Ulimits = Ulimit,
            Networks = BuildNetworks(),
            Ports = Publish,
        };
        if (update.Resources == new ResourceLimits() && RestartPolicy is null && Environment is null && RemoveEnvironment.Length == 0 && Ulimit is null && Network is null && Publish is null && sameHealth)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("nothing is given to change", null, "give -Memory, -Cpu, -RestartPolicy or another parameter"), null));
    }

    private IReadOnlyList<NetworkAttachment>? BuildNetworks()
    {
        try
        {
            return Network is null ? null : ContainerUpdateBuilder.Networks(Network);
        }
        catch (ContainerEngineException error)
        {
            ThrowTerminatingError(ErrorRecords.Create(error, null));
            throw;
        }
    }

    private protected override void Accept(ContainerTarget target)
    {
        var what = Network is null && Publish is null ? "Change container" : "Change container (where it runs, open connections may drop)";
        if (!ShouldProcess(target.Display, what))
            return;
        Run(target.ErrorTarget, async () =>
        {
            if (EnableBootUnit)
                await Engine.SetBootUnitAsync(enabled: true, Cancellation);
            var result = await Engine.UpdateContainerAsync(target.Key, update, Cancellation);
            await WarnAsync(result.Warnings);
            await EmitAsync(result.Container);
        });
    }
}
