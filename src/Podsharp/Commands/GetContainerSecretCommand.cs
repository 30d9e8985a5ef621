using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Get-ContainerSecret: the secrets, without their values unless asked.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerSecret", DefaultParameterSetName = ListSet)]
[OutputType(typeof(ContainerSecret), ParameterSetName = [ListSet])]
[OutputType(typeof(ContainerSecretDetail), ParameterSetName = [DetailSet])]
public sealed class GetContainerSecretCommand : EngineCmdlet
{
    private const string ListSet = "List";
    private const string DetailSet = "Detailed";

    /// <summary>Names, wildcards, ids or the beginning of ids; all when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Secret")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>podman's filters: a hashtable of name (a regular expression) and id.</summary>
    [Parameter]
    public Hashtable? Filter { get; set; }

    /// <summary>Everything about each, as ContainerSecretDetail objects.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DetailSet)]
    public SwitchParameter Detailed { get; set; }

    /// <summary>The value, too, as a secure string.</summary>
    [Parameter(ParameterSetName = DetailSet)]
    public SwitchParameter IncludeValue { get; set; }

    private protected override void AcceptRecord()
    {
        if (Name.Length == 0)
            Run(target: null, () => ListAsync(_ => true));
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                Run(name, () => ListAsync(secret => pattern.IsMatch(secret.Name)));
            }
            else
                Run(name, async () => await SendAsync(await Engine.InspectSecretAsync(name, Cancellation)));
        }
    }

    private async Task ListAsync(Func<ContainerSecret, bool> fits)
    {
        await foreach (var secret in Engine.ListSecretsAsync(new() { Filters = Filters.Read(Filter, null) }, Cancellation))
            if (fits(secret))
                await SendAsync(secret);
    }

    private async Task SendAsync(ContainerSecret secret)
    {
        if (!Detailed)
        {
            await EmitAsync(secret);
            return;
        }
        using var value = new MemoryStream();
        if (IncludeValue)
            await Engine.ReadSecretAsync(secret.Id, value, Cancellation);
        await EmitAsync(new ContainerSecretDetail { Secret = secret, Value = IncludeValue ? SecretText.FromBytes(value.GetBuffer().AsSpan(0, (int)value.Length)) : null });
    }
}
