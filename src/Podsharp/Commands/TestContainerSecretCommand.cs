using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerSecret: whether there is a secret.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerSecret")]
[OutputType(typeof(bool))]
public sealed class TestContainerSecretCommand : EngineCmdlet
{
    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Secret")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string[] Name { get; set; } = [];

    // One after the other: the answers come in the order of the questions.
    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, async () => await EmitAsync(await ExistsAsync(name)));
    }

    private async Task<bool> ExistsAsync(string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return await Engine.SecretExistsAsync(name, Cancellation);
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        await foreach (var secret in Engine.ListSecretsAsync(new(), Cancellation))
            if (pattern.IsMatch(secret.Name))
                return true;
        return false;
    }
}
