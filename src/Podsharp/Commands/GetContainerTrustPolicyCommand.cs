using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerTrustPolicy: shows which images are accepted.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerTrustPolicy")]
[OutputType(typeof(TrustPolicyEntry), typeof(string))]
public sealed class GetContainerTrustPolicyCommand : EngineCmdlet
{
    /// <summary>Only entries of these scopes: registries, repositories, names; wildcards are allowed, and "default" is the default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Registry")]
    [SupportsWildcards]
    public string[] Scope { get; set; } = [];

    /// <summary>The policy.json to show, instead of the user's or the host's.</summary>
    [Parameter]
    [Alias("SignaturePolicy")]
    [ValidateNotNullOrEmpty]
    public string? PolicyFile { get; set; }

    /// <summary>Emits the file's text.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    private protected override void AcceptRecord()
    {
        WildcardPattern[] patterns = [.. Scope.Select(scope => WildcardPattern.Get(scope, WildcardOptions.IgnoreCase))];
        Run(this, () => ShowAsync(patterns));
    }

    private async Task ShowAsync(WildcardPattern[] patterns)
    {
        var policy = await Engine.GetTrustPolicyAsync(new TrustPolicyRequest { PolicyFile = FullPath(PolicyFile) }, Cancellation);
        if (Raw)
        {
            await EmitAsync(policy.Text);
            return;
        }
        foreach (var entry in policy.Entries)
            if (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(entry.Transport.Length == 0 ? "default" : entry.Scope)))
                await EmitAsync(entry);
    }
}
