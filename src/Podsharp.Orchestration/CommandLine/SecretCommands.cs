using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on secrets.</summary>
internal static class SecretCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.SecretCreate, ["secret create"], "[options] NAME FILE|-", "Make a secret", () =>
        [
            Choice("driver", "Who keeps the value: file, pass, shell; as containers.conf says if not given", 'd', null, "file", "pass", "shell"),
            Commas("driver-opts", "Driver option (NAME=value)"),
            Flag("env", "The second argument is a variable of the caller's environment that holds the value"),
            Flag("ignore", "Leave a secret of that name as it is"),
            List("label", "Set a label (NAME=value)", 'l'),
            Flag("replace", "Take the place of a secret of that name"),
        ])
        {
            MinimumArguments = 2,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.File,
            Description = "The value is read from a file, or from standard input (-). podman has the same secrets.",
            Examples = ["secret create db-password ./password.txt", "printf s3cret | podsharp secret create db-password -", "secret create --env token API_TOKEN"],
        },
        new(CommandId.SecretList, ["secret ls"], "[options]", "List secrets", () =>
        [
            List("filter", "Show those for which this holds: name=, id=", 'f'),
            ContainerCommands.Format(short_: false),
            Flag("noheading", "No heading line", 'n'),
            Flag("quiet", "Print ids only", 'q'),
        ])
        { HiddenPaths = ["secret list"], MaximumArguments = 0 },
        new(CommandId.SecretInspect, ["secret inspect"], "[options] SECRET [SECRET...]", "Show all about secrets, their values only if asked", () =>
        [
            ContainerCommands.Format(),
            Flag("pretty", "Print it for people"),
            Flag("showsecret", "Show the value, too"),
        ])
        { MinimumArguments = 1, ArgumentCompletion = CompletionKind.Secret },
        new(CommandId.SecretRemove, ["secret rm"], "[options] SECRET [SECRET...]", "Remove secrets", () =>
        [
            Flag("all", "Remove all secrets", 'a'),
            Flag("ignore", "Don't mind a secret that isn't there", 'i'),
        ])
        { HiddenPaths = ["secret remove"], ArgumentCompletion = CompletionKind.Secret, Description = "Containers that were given one as a file keep their copy." },
        new(CommandId.SecretExists, ["secret exists"], "SECRET", "Tell by the exit code whether a secret exists", () => [])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Secret, Description = "Exit code 0 if it exists, 1 if not, 125 if that can't be told." },
    ];
}
