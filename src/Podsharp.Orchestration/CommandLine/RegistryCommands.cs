using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on registries.</summary>
internal static class RegistryCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.Login, ["login"], "[options] [REGISTRY]", "Check a registry's credentials and store them", () =>
        [
            AuthFile(),
            Text("cert-dir", "Directory with certificates for the registry", completion: CompletionKind.Directory),
            CompatibleFile(),
            Flag("get-login", "Print the user name that is stored for the registry"),
            Text("password", "Password; others on this host can see it in the list of processes", 'p'),
            Flag("password-stdin", "Read the password from standard input"),
            Text("secret", "Take the password from a secret", completion: CompletionKind.Secret),
            Flag("tls-verify", "Demand https and a valid certificate of the registry"),
            Text("username", "User name", 'u'),
            Flag("verbose", "Say where the credentials are stored", 'v'),
        ])
        {
            MaximumArguments = 1,
            Description = "The registry may be followed by a namespace or a repository, for credentials of that part only. Without a registry the first one is meant that "
                + "registries.conf searches. Credentials that are stored already are checked; otherwise the terminal asks for them.",
            Examples = ["login registry.example.org", "login -u me --password-stdin registry.example.org/team < password.txt"],
        },
        new(CommandId.Search, ["image search", "search"], "[options] TERM", "Look for images in registries", () =>
        [
            AuthFile(),
            Text("cert-dir", "Directory with certificates for the registry", completion: CompletionKind.Directory),
            Flag("compatible", "Show stars, too, and whether an image is official or automated"),
            Text("creds", "Registry credentials (USER:PASSWORD)"),
            List("filter", "Show those for which this holds: stars=N, is-official=BOOL, is-automated=BOOL", 'f'),
            Text("format", "How to show them: json or a Go template"),
            Number("limit", "How many results at most from each registry", '\0', "25"),
            Flag("list-tags", "List the tags of the repository that the term names"),
            Flag("no-trunc", "Don't shorten"),
            Flag("tls-verify", "Demand https and a valid certificate of the registry"),
        ])
        {
            MinimumArguments = 1,
            MaximumArguments = 1,
            Description = "The term may begin with a registry and a slash; without one the registries are searched that registries.conf names. Few public registries can be searched.",
            Examples = ["search registry.example.org/", "search --list-tags registry.example.org/team/app", "search --limit 5 --compatible docker.io/postgres"],
        },
        new(CommandId.Logout, ["logout"], "[options] [REGISTRY]", "Forget the credentials of a registry", () =>
        [
            Flag("all", "Forget the credentials of all registries", 'a'),
            AuthFile(),
            CompatibleFile(),
        ])
        { MaximumArguments = 1, Examples = ["logout registry.example.org", "logout --all"] },
    ];

    private static OptionDefinition AuthFile() => Text("authfile", "File with registry credentials", completion: CompletionKind.File);

    private static OptionDefinition CompatibleFile() => Text("compat-auth-file", "File in the format of Docker's config.json, instead", completion: CompletionKind.File);
}
