namespace Podsharp.Completion;

/// <summary>Completes restart policies.</summary>
public sealed class RestartPolicyCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("No", "stays as it ended"), ("OnFailure", "again after an exit code other than 0; OnFailure:3 three times at most"),
        ("Always", "again after every end, and after a reboot"), ("UnlessStopped", "likewise, but not after a reboot where a user had stopped it"),
    ];
}
