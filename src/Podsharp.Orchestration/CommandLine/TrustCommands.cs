using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on signatures and on the trust policy.</summary>
internal static class TrustCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.ImageSign, ["image sign"], "[options] IMAGE [IMAGE...]", "Sign images that are at a registry", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            Flag("all", "Sign a list and each of its images", 'a'),
            Text("directory", "Write the signatures to this directory, not where registries.d says", 'd', completion: CompletionKind.Directory),
            .. Keys(),
        ]))
        {
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            Examples = ["image sign --sign-by me@example.org docker://registry.example.org/app:1", "image sign --sign-by-sigstore-private-key me.key registry.example.org/app:1"],
        },
        new(CommandId.ImageVerify, ["image verify"], "[options] IMAGE [IMAGE...]", "Tell whether the trust policy accepts images that are at a registry", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            Text("platform", "Choose the image for this OS/ARCH[/VARIANT]"),
            Text("signature-policy", "Take this policy.json, not the user's or the host's", completion: CompletionKind.File),
        ]))
        {
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            Description = "Manifests and signatures are read, and nothing else. The exit code is 1 when an image is not accepted, 125 when that can't be told.",
            Examples = ["image verify registry.example.org/app:1", "image verify --signature-policy strict.json docker.io/library/busybox"],
        },
        new(CommandId.ImageTrustShow, ["image trust show"], "[options] [REGISTRY]", "Show the trust policy", () =>
        [
            Flag("json", "Show it as JSON", 'j'),
            Flag("noheading", "Show no headings", 'n'),
            Hidden(Text("policypath", "policy.json to show", completion: CompletionKind.File)),
            Flag("raw", "Show the file as it is"),
            Hidden(Text("registrypath", "Directory as registries.d", completion: CompletionKind.Directory)),
        ])
        { MaximumArguments = 1, Examples = ["image trust show", "image trust show --json registry.example.org"] },
        new(CommandId.ImageTrustSet, ["image trust set"], "[options] REGISTRY", "Change the trust policy", () =>
        [
            Hidden(Text("policypath", "policy.json to change", completion: CompletionKind.File)),
            List("pubkeysfile", "File with a public key that must have signed", 'f', completion: CompletionKind.File),
            Text("type", "What is done with images from there: accept, reject, signedBy (with a GPG key), sigstoreSigned", 't', "signedBy"),
        ])
        {
            MinimumArguments = 1,
            MaximumArguments = 1,
            Description = "REGISTRY is a registry, a repository or an image's name; default stands for all that nothing else is said of.",
            Examples = ["image trust set -t reject default", "image trust set -t signedBy -f /etc/keys/team.asc registry.example.org/team"],
        },
    ];

    /// <summary>How to sign: shared with <c>push</c>.</summary>
    internal static OptionDefinition[] Keys() =>
    [
        Text("sign-by", "Sign with this GPG key"),
        Text("sign-by-sigstore", "Sign with a sigstore parameter file", completion: CompletionKind.File),
        Text("sign-by-sigstore-private-key", "Sign with a sigstore private key", completion: CompletionKind.File),
        Text("sign-by-sq-fingerprint", "Sign with this Sequoia key"),
        Text("sign-passphrase-file", "File with the passphrase for signing", completion: CompletionKind.File),
    ];
}
