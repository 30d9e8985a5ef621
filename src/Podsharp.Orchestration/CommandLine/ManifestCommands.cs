using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on lists of images.</summary>
internal static class ManifestCommands
{
    private const string Members = "IMAGE is a local image, else one at a registry; docker:// or containers-storage: before it says which.";

    internal static CommandDefinition[] All() =>
    [
        new(CommandId.ManifestCreate, ["manifest create"], "[options] LIST [IMAGE...]", "Make a list of images for several platforms", () => ContainerOptions.Sorted(
        [
            Flag("all", "Of an image that is a list, add all its images, not only the one for this host"),
            Flag("amend", "Add to a list of that name, if there is one", 'a'),
            List("annotation", "Set an annotation of the list (NAME=value)"),
            .. Registry(),
        ]))
        {
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            Description = Members,
            Examples = ["manifest create app:1", "manifest create app:1 app:1-amd64 app:1-arm64", "manifest create --all app:1 docker://registry.example.org/app:1"],
        },
        new(CommandId.ManifestAdd, ["manifest add"], "[options] LIST IMAGE [IMAGE...]", "Add images to a list", Add)
        {
            MinimumArguments = 2,
            ArgumentCompletion = CompletionKind.Image,
            Description = Members,
            Examples = ["manifest add app:1 app:1-arm64", "manifest add --arch arm64 --variant v8 app:1 docker://registry.example.org/app:1-arm64"],
        },
        new(CommandId.ManifestAnnotate, ["manifest annotate"], "[options] LIST [IMAGE]", "Change what a list says of an image, or of itself", () => ContainerOptions.Sorted(
        [
            .. Change(),
            Commas("os-features", "Features of the operating system that the image needs"),
            Flag("index", "Set annotations of the list itself"),
            Text("subject", "Image that the list is about (with --index)", completion: CompletionKind.Image),
            .. Registry(),
        ]))
        {
            MinimumArguments = 1,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.Image,
            Description = "IMAGE is the digest of an image's manifest, as manifest inspect shows it, or the image's name.",
            Examples = ["manifest annotate --arch arm64 app:1 sha256:...", "manifest annotate --index --annotation vendor=me app:1"],
        },
        new(CommandId.ManifestInspect, ["manifest inspect"], "[options] LIST", "Show a list, a local one or a registry's", () => ContainerOptions.Sorted(
        [
            .. Registry(),
            NoEffect(Hidden(Flag("verbose", "For docker's sake", 'v'))),
            Hidden(Flag("insecure", "For docker's sake: the same as --tls-verify=false")),
        ]))
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image, Examples = ["manifest inspect app:1", "manifest inspect docker://registry.example.org/app:1"] },
        new(CommandId.ManifestRemoveImage, ["manifest remove"], "LIST DIGEST", "Take an image out of a list", () => [])
        { MinimumArguments = 2, MaximumArguments = 2, ArgumentCompletion = CompletionKind.Image, Description = "The image itself stays." },
        new(CommandId.ManifestPush, ["manifest push"], "[options] LIST [DESTINATION]", "Send a list and its images to a registry or to files", Push)
        {
            MinimumArguments = 1,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.Image,
            Description = "Without a destination the list goes where its own name says. A destination oci:DIRECTORY[:NAME], oci-archive:FILE[:NAME] or dir:DIRECTORY is no registry.",
            Examples = ["manifest push app:1 registry.example.org/app:1", "manifest push --add-compression zstd app:1 registry.example.org/app:1", "manifest push app:1 oci:app.oci"],
        },
        new(CommandId.ManifestExists, ["manifest exists"], "LIST", "Tell by the exit code whether a list is in local storage", () => [])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image, Description = "Exit code 0 if it is, 1 if not, 125 if that can't be told." },
        new(CommandId.ManifestRemove, ["manifest rm"], "[options] LIST [LIST...]", "Remove lists; their images stay", () => [Flag("ignore", "Don't mind a list that isn't there", 'i')])
        { MinimumArguments = 1, ArgumentCompletion = CompletionKind.Image },
    ];

    private static IReadOnlyList<OptionDefinition> Add() => ContainerOptions.Sorted(
    [
        Flag("all", "Of an image that is a list, add all its images, not only the one for this host"),
        .. Change(),
        .. Registry(),
        NotYet(Flag("artifact", "The arguments are files of an artifact"), "false"),
        NotYet(Text("artifact-config", "Configuration of the artifact", completion: CompletionKind.File)),
        NotYet(Text("artifact-config-type", "Media type of the artifact's configuration")),
        NotYet(Flag("artifact-exclude-titles", "Leave the names of the files out"), "false"),
        NotYet(Text("artifact-layer-type", "Media type of the files")),
        NotYet(Text("artifact-subject", "Image that the artifact is about", completion: CompletionKind.Image)),
        NotYet(Text("artifact-type", "Type of the artifact")),
    ]);

    private static IReadOnlyList<OptionDefinition> Push() => ContainerOptions.Sorted(
    [
        .. Registry(),
        Commas("add-compression", "Add images to the list there that differ in their compression: gzip, zstd"),
        Flag("all", "Send the images, too; else they must be there", def: "true"),
        Choice("compression-format", "How layers are compressed that have to be sent", '\0', null, "gzip", "zstd"),
        Number("compression-level", "How hard: gzip 0 to 9, zstd 1 to 20"),
        Text("digestfile", "Write the digest of the list to a file", completion: CompletionKind.File),
        Flag("force-compression", "Send layers again that the registry has compressed in another way"),
        Choice("format", "Form of the list and its images at the destination: oci or v2s2; else the form they have", 'f', null, "oci", "v2s2"),
        Flag("quiet", "Show no progress", 'q'),
        Flag("remove-signatures", "Leave the images' signatures behind"),
        Flag("rm", "Remove the list from local storage once it is sent"),
        NotYet(Text("sign-by", "Sign with this key")),
        NotYet(Text("sign-by-sigstore", "Sign with a sigstore parameter file", completion: CompletionKind.File)),
        NotYet(Text("sign-by-sigstore-private-key", "Sign with a sigstore private key", completion: CompletionKind.File)),
        NotYet(Text("sign-by-sq-fingerprint", "Sign with this Sequoia key")),
        NotYet(Text("sign-passphrase-file", "File with the passphrase for signing", completion: CompletionKind.File)),
    ]);

    private static OptionDefinition[] Change() =>
    [
        List("annotation", "Set an annotation (NAME=value)"),
        Text("arch", "Processor architecture that the list names"),
        Commas("features", "Features of the processor that the image needs; Docker's lists alone have them"),
        Text("os", "Operating system that the list names"),
        Text("os-version", "Version of the operating system that the list names"),
        Text("variant", "Variant of the architecture that the list names"),
    ];

    private static IEnumerable<OptionDefinition> Registry() => ContainerOptions.Registry();
}
