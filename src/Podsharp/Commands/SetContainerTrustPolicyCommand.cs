using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Set-ContainerTrustPolicy: changes which images are accepted.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerTrustPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(TrustPolicyEntry))]
public sealed class SetContainerTrustPolicyCommand : EngineCmdlet
{
    /// <summary>Registries, repositories or names; "default" stands for all that nothing else is said of.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Registry")]
    [ValidateNotNullOrEmpty]
    public string[] Scope { get; set; } = [];

    /// <summary>What is done with their images: Accept, Reject, SignedBy (with a GPG key) or SigstoreSigned.</summary>
    [Parameter(Position = 1)]
    [ValidateSet(nameof(TrustPolicyType.Accept), nameof(TrustPolicyType.Reject), nameof(TrustPolicyType.SignedBy), nameof(TrustPolicyType.SigstoreSigned))]
    public TrustPolicyType Type { get; set; } = TrustPolicyType.SignedBy;

    /// <summary>Files with public keys, each of which must have signed.</summary>
    [Parameter]
    [Alias("PubKeysFile")]
    [ValidateNotNullOrEmpty]
    public string[] KeyFile { get; set; } = [];

    /// <summary>The policy.json to change, instead of the user's or the host's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PolicyFile { get; set; }

    /// <summary>Emits the entries.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var scope in Scope)
            if (ShouldProcess(scope, $"Set trust policy to {Type}"))
                Run(scope, () => SetAsync(scope));
    }

    private async Task SetAsync(string scope)
    {
        var entries = await Engine.SetTrustPolicyAsync(new TrustPolicyChange
        {
            Scope = scope,
            Type = Type,
            KeyFiles = [.. KeyFile.Select(file => FullPath(file)!)],
            PolicyFile = FullPath(PolicyFile),
        }, Cancellation);
        if (!PassThru)
            return;
        foreach (var entry in entries)
            await EmitAsync(entry);
    }
}
