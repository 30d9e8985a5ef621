using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that define here what podman has.</summary>
public abstract class PodmanImportCmdlet : EngineCmdlet
{
    /// <summary>podman's names, wildcards, ids or the beginning of ids; all when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(Completion.PodmanNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The name here, for a single one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>What is put before a name that is taken here.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Prefix { get; set; } = new PodmanImportRequest().Prefix;

    /// <summary>podman's database; db.sql in the image store's root when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Database { get; set; }

    /// <summary>What is asked of the user.</summary>
    private protected abstract string Action { get; }

    /// <summary>Asks the engine.</summary>
    private protected abstract IAsyncEnumerable<PodmanImportResult> ImportAsync(PodmanImportRequest request);

    private protected override void AcceptRecord()
    {
        var names = Name;
        var request = new PodmanImportRequest { NewName = NewName, Prefix = Prefix, Database = FullPath(Database) };
        Run(target: null, () => ImportAsync(request, names));
    }

    private async Task ImportAsync(PodmanImportRequest request, string[] names)
    {
        var literals = names.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)).ToList();
        var patterns = names.Except(literals).Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        var agreed = new List<string>();
        foreach (var literal in literals)
            try
            {
                await AskAsync(request with { Names = [literal] }, _ => true, agreed);
            }
            catch (ContainerEngineException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.Ambiguous && error.ErrorId != "PodmanDatabaseNotFound")
            {
                await ErrorAsync(error, literal);
            }
        if (patterns.Count > 0 || names.Length == 0)
            await AskAsync(request with { NewName = null }, result => patterns.Count == 0 || patterns.Exists(pattern => pattern.IsMatch(result.Source)), agreed);
        if (agreed.Count == 0)
            return;
        await foreach (var result in ImportAsync(request with { Names = [.. agreed.Distinct()] }))
        {
            await WarnAsync(result.Warnings.Select(warning => $"{result.Source}: {warning}"));
            if (result.Failure.Length > 0)
                await ErrorAsync(new ContainerEngineException(ErrorKind.InvalidState, "PodmanImportFailed", $"{result.Source}: {result.Failure}", result.Source), result.Source);
            else if (result.Container is { } container)
                await EmitAsync(container);
            else if (result.Volume is { } volume)
                await EmitAsync(volume);
        }
    }

    private async Task AskAsync(PodmanImportRequest request, Func<PodmanImportResult, bool> isMeant, List<string> agreed)
    {
        await foreach (var plan in ImportAsync(request with { DryRun = true }))
        {
            if (isMeant(plan))
                await OnPipelineAndWaitAsync(() =>
                {
                    if (ShouldProcess(plan.Name.Length == 0 || plan.Name == plan.Source ? plan.Source : $"{plan.Source} as {plan.Name}", Action))
                        agreed.Add(plan.Source);
                });
        }
    }
}
