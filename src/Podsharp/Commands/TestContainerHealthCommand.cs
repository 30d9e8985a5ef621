using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerHealth: runs the health checks of containers now and emits what they found.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerHealth", DefaultParameterSetName = NameSet)]
[OutputType(typeof(HealthCheckResult))]
[OutputType(typeof(bool))]
public sealed class TestContainerHealthCommand : ContainerCmdlet
{
    /// <summary>Emits only whether the check succeeded.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    // A wildcard means those that can be checked.
    private protected override bool Matches(Container container) => container is { State: ContainerState.Running, Health: not HealthStatus.None };

    private protected override void Accept(ContainerTarget target) => Run(target.ErrorTarget, async () =>
    {
        var result = await Engine.CheckHealthAsync(target.Key, Cancellation);
        await EmitAsync(Quiet ? result.Passed : result);
    });
}
