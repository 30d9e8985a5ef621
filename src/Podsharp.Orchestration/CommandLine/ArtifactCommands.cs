using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on OCI artifacts.</summary>
internal static class ArtifactCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.ArtifactAdd, ["artifact add"], "[options] ARTIFACT PATH [PATH...]", "Make an artifact of files, or add files to one", () =>
        [
            List("annotation", "Annotation of the files, and of a new artifact (NAME=value)"),
            Flag("append", "Add the files to an artifact that is there", 'a'),
            Text("file-type", "Media type of the files; else what they look like"),
            Flag("replace", "Take the place of an artifact of that name"),
            Text("type", "Media type that says what kind of artifact it is"),
        ])
        {
            MinimumArguments = 2,
            ArgumentCompletion = CompletionKind.File,
            Description = "podman has the same artifacts.",
            Examples = ["artifact add registry.example.org/app/model:1 model.bin", "artifact add --type application/spdx+json registry.example.org/app/sbom:1 sbom.json",
                "artifact add --append registry.example.org/app/model:1 LICENSE"],
        },
        new(CommandId.ArtifactList, ["artifact ls"], "[options]", "List artifacts", () =>
        [
            ContainerCommands.Format(short_: false),
            Flag("no-trunc", "Don't shorten"),
            Flag("noheading", "No heading line", 'n'),
        ])
        { HiddenPaths = ["artifact list"], MaximumArguments = 0 },
        new(CommandId.ArtifactInspect, ["artifact inspect"], "[options] ARTIFACT", "Show the manifest of an artifact", () => [ContainerCommands.Format()])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Artifact },
        new(CommandId.ArtifactExtract, ["artifact extract"], "[options] ARTIFACT PATH", "Write the files of an artifact to a file or a directory", () =>
        [
            Text("digest", "Only the file with this digest"),
            Text("title", "Only the file with this name"),
        ])
        {
            MinimumArguments = 2,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.Artifact,
            Description = "Several files need a directory that is there.",
            Examples = ["artifact extract registry.example.org/app/model:1 ./models", "artifact extract --title LICENSE registry.example.org/app/model:1 ./LICENSE"],
        },
        new(CommandId.ArtifactPull, ["artifact pull"], "[options] ARTIFACT", "Fetch an artifact from a registry", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            NotYet(List("decryption-key", "Key for encrypted artifacts", completion: CompletionKind.File)),
            Flag("quiet", "Show no progress", 'q'),
        ]))
        {
            MinimumArguments = 1,
            MaximumArguments = 1,
            ArgumentCompletion = CompletionKind.Artifact,
            Examples = ["artifact pull registry.example.org/app/model:1", "artifact pull registry.example.org/app/model@sha256:..."],
        },
        new(CommandId.ArtifactPush, ["artifact push"], "[options] ARTIFACT [DESTINATION]", "Send an artifact to a registry", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            Text("digestfile", "Write the digest of the manifest to a file", completion: CompletionKind.File),
            Flag("quiet", "Show no progress", 'q'),
            NotYet(Text("sign-by", "Sign with this key")),
            NotYet(Text("sign-by-sigstore", "Sign with a sigstore parameter file", completion: CompletionKind.File)),
            NotYet(Text("sign-by-sigstore-private-key", "Sign with a sigstore private key", completion: CompletionKind.File)),
            NotYet(Text("sign-by-sq-fingerprint", "Sign with this Sequoia key")),
            NotYet(Text("sign-passphrase-file", "File with the passphrase for signing", completion: CompletionKind.File)),
        ]))
        {
            MinimumArguments = 1,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.Artifact,
            Description = "Without a destination it goes where its own name says.",
        },
        new(CommandId.ArtifactRemove, ["artifact rm"], "[options] ARTIFACT [ARTIFACT...]", "Remove artifacts", () =>
        [
            Flag("all", "Remove all artifacts", 'a'),
            Flag("ignore", "Don't mind an artifact that isn't there", 'i'),
        ])
        { HiddenPaths = ["artifact remove"], ArgumentCompletion = CompletionKind.Artifact, Description = "Running containers keep the files that they were given." },
        new(CommandId.ArtifactAttach, ["artifact attach"], "[options] IMAGE PATH [PATH...]", "Send files to a registry as an artifact about an image there", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            List("annotation", "Annotation of the artifact (NAME=value)"),
            Text("file-type", "Media type of the files; else what they look like"),
            Text("type", "Media type that says what kind of artifact it is", def: "application/octet-stream"),
        ]))
        {
            MinimumArguments = 2,
            ArgumentCompletion = CompletionKind.File,
            Description = "The artifact is found by the image (artifact referrers), and pulled by the digest that is printed. Nothing stays in the local store.",
            Examples = ["artifact attach --type application/spdx+json registry.example.org/app:1 sbom.json"],
        },
        new(CommandId.ArtifactReferrers, ["artifact referrers"], "[options] IMAGE", "List the artifacts at a registry that are about an image there", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            ContainerCommands.Format(short_: false),
            Flag("noheading", "No heading line", 'n'),
            Text("type", "Only those of this kind"),
        ]))
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image },
    ];
}
