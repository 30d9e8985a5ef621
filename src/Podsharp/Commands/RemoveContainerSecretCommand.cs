using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerSecret: removes secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerSecret", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerSecretCommand : NamedCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Secret")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Secrets.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerSecret[] InputObject { get; set; } = [];

    private protected override void AcceptRecord()
    {
        if (ParameterSetName == ObjectSet)
            foreach (var secret in InputObject)
                Accept(secret.Id, secret);
        else
            AcceptNames(Name);
    }

    private protected override void Accept(string name, object target)
    {
        if (ShouldProcess(target.ToString(), "Remove secret"))
            Run(target, () => Engine.RemoveSecretAsync(name, Cancellation));
    }

    private protected override async IAsyncEnumerable<string> AllAsync()
    {
        await foreach (var secret in Engine.ListSecretsAsync(new(), Cancellation))
            yield return secret.Name;
    }
}
