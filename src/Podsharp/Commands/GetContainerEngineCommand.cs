using System.Management.Automation;
using System.Runtime.InteropServices;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Get-ContainerEngine: the engine, its host and the programs it uses.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerEngine")]
[OutputType(typeof(ContainerEngineInfo))]
[OutputType(typeof(ContainerEngineVersion))]
public sealed class GetContainerEngineCommand : EngineCmdlet
{
    /// <summary>Only the versions.</summary>
    [Parameter]
    public SwitchParameter Version { get; set; }

    private protected override void AcceptRecord() => Run(target: null, async () =>
    {
        var info = await Engine.GetInfoAsync(Cancellation);
        foreach (var warning in info.Warnings)
            await VerboseAsync(warning);
        await EmitAsync(Version ? Versions(info) : info);
    });

    private static ContainerEngineVersion Versions(ContainerEngineInfo info) => new(info.Version, RuntimeInformation.FrameworkDescription,
        $"linux/{info.Architecture}", info.Kernel, info.Runtime, info.Conmon, info.Netavark, info.AardvarkDns, info.Init);
}
