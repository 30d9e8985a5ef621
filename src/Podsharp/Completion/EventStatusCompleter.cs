namespace Podsharp.Completion;

/// <summary>Completes what happened.</summary>
public sealed class EventStatusCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("create", "Made"), ("init", "A container was set up"), ("start", "A container's process began"), ("died", "A container's process ended"),
        ("stop", "A container was asked to end"), ("kill", "A container was sent a signal"), ("cleanup", "A container was taken down"),
        ("remove", "Removed"), ("restart", "A container is stopped and started"), ("pause", "A container was frozen"),
        ("checkpoint", "A container's processes were saved"), ("restore", "A container's saved processes go on"),
        ("unpause", "A container goes on"), ("rename", "A container got another name"), ("update", "A container's limits were changed"),
        ("health_status", "A container's health was checked"), ("attach", "Somebody looks at a container"), ("exec", "A command began in a container"), ("exec_died", "A command in a container ended"),
        ("commit", "An image was made of a container"), ("export", "A container's files were written to an archive"),
        ("mount", "A root file system was mounted"), ("unmount", "A root file system was unmounted"),
        ("pull", "An image was fetched"), ("pull-error", "An image couldn't be fetched"), ("push", "An image was sent"),
        ("tag", "An image got a name"), ("untag", "An image lost a name"), ("save", "An image was written to an archive"),
        ("loadfromarchive", "An image was read from an archive"), ("prune", "Unused things were removed"),
        ("connect", "A container was connected to a network"), ("disconnect", "A container was disconnected from a network"),
        ("log-rotation", "The older half of the event log was cut off"), ("refresh", "The state was renewed after a reboot"),
    ];
}
