using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on images.</summary>
internal static class ImageCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.Pull, ["image pull", "pull"], "[options] IMAGE [IMAGE...]", "Fetch images from a registry, an archive or a directory", Pull)
        {
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            Examples = ["pull alpine", "pull --platform linux/arm64 registry.example.org/app:1.2", "pull registry.example.org/app@sha256:...", "pull oci-archive:app.tar"],
        },
        new(CommandId.Build, ["image build", "build"], "[options] [CONTEXT]", "Build an image of a Containerfile", BuildOptions.All)
        {
            HiddenPaths = ["buildx build", "builder build"],
            MaximumArguments = 1,
            ArgumentCompletion = CompletionKind.Directory,
            Description = "CONTEXT is a directory, an address (git, or an archive over http), or - for an archive on standard input. Without one it is the directory of the "
                + "first Containerfile that is named, else this one. There, a file Containerfile or Dockerfile is looked for.",
            Examples = ["build -t app .", "build -f Containerfile.test --target test .", "build --build-arg VERSION=1.2 --secret id=token,env=TOKEN -t app src", "build -t app - < context.tar", "build --platform linux/amd64,linux/arm64 -t app ."],
        },
        new(CommandId.Push, ["image push", "push"], "[options] IMAGE [DESTINATION]", "Send an image to a registry or to a file", Push)
        {
            MinimumArguments = 1,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.Image,
            Description = "Without a destination the image goes where its own name says. Layers that the registry has are not sent again. A destination "
                + "docker-archive:FILE[:NAME], oci-archive:FILE[:NAME], oci:DIRECTORY[:NAME] or dir:DIRECTORY is no registry: the image is saved there.",
            Examples = ["push registry.example.org/app:1.2", "push localhost/app registry.example.org/team/app:1.2", "push --compression-format zstd app registry.example.org/app"],
        },
        new(CommandId.Images, ["image list", "image ls", "images"], "[options] [IMAGE]", "List images", () =>
        [
            Flag("all", "Also intermediate images", 'a'),
            Flag("digests", "Show digests"),
            List("filter", "Show those for which this holds: reference=, label=, dangling=, before=, since=, ...", 'f'),
            ContainerCommands.Format(short_: false),
            Flag("history", "Show names that the image had"),
            Flag("no-trunc", "Don't shorten"),
            Flag("noheading", "No heading line", 'n'),
            Flag("quiet", "Print IDs only", 'q'),
            Choice("sort", "Sort by created, id, repository, size or tag", '\0', "created", "created", "id", "repository", "size", "tag"),
        ])
        { MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image, Examples = ["images", "images --filter dangling=true -q"] },
        new(CommandId.ImageInspect, ["image inspect"], "[options] IMAGE [IMAGE...]", "Show all about images", CopyCommands.Inspect)
        {
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            Description = "With --remote, or where a place is named (docker://NAME, oci:DIRECTORY, ...), images are looked at where they are, without fetching them.",
            Examples = ["image inspect alpine", "image inspect --remote registry.example.org/app:1", "image inspect --raw docker://registry.example.org/app:1"],
        },
        new(CommandId.ImageExists, ["image exists"], "IMAGE", "Tell by the exit code whether an image is in local storage", () => [])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image, Description = "Exit code 0 if it is, 1 if not, 125 if that can't be told." },
        new(CommandId.ImageDiff, ["image diff"], "[options] IMAGE", "Show what an image's top layer changes in those below", () => [ContainerCommands.DiffFormat()])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image },
        new(CommandId.ImageRemove, ["image rm", "rmi"], "[options] IMAGE [IMAGE...]", "Remove images from local storage", () =>
        [
            Flag("all", "Remove all images", 'a'),
            Flag("force", "Remove containers that use it, too", 'f'),
            Flag("ignore", "Don't mind an image that doesn't exist", 'i'),
            Flag("no-prune", "Leave unnamed images that it was made from"),
        ])
        { HiddenPaths = ["image remove"], ArgumentCompletion = CompletionKind.Image },
        new(CommandId.Tag, ["image tag", "tag"], "IMAGE NAME [NAME...]", "Give an image further names", () => [])
        { MinimumArguments = 2, ArgumentCompletion = CompletionKind.Image },
        new(CommandId.Untag, ["image untag", "untag"], "IMAGE [NAME...]", "Take names from an image", () => [])
        { MinimumArguments = 1, ArgumentCompletion = CompletionKind.Image },
        new(CommandId.History, ["image history", "history"], "[options] IMAGE", "Show the steps in which an image was made", () =>
        [
            ContainerCommands.Format(short_: false),
            Flag("human", "Times relative to now", 'H', "true"),
            Flag("no-trunc", "Don't shorten"),
            Flag("quiet", "Print IDs only", 'q'),
        ])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image },
        new(CommandId.ImageTree, ["image tree"], "[options] IMAGE", "Show the layers of an image", () =>
            [Flag("whatrequires", "Show what stands on the image, instead of what it stands on")])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Image },
        new(CommandId.ImageMount, ["image mount"], "[options] [IMAGE...]", "Mount images' root file systems, or list those that are mounted", () =>
        [
            Flag("all", "Mount all images", 'a'),
            Text("format", "How to list: json"),
        ])
        { ArgumentCompletion = CompletionKind.Image },
        new(CommandId.ImageUnmount, ["image unmount"], "[options] IMAGE [IMAGE...]", "Unmount images' root file systems", () =>
        [
            Flag("all", "Unmount all images", 'a'),
            Flag("force", "Unmount however often it was mounted", 'f'),
        ])
        { HiddenPaths = ["image umount"], ArgumentCompletion = CompletionKind.Image },
        new(CommandId.ImagePrune, ["image prune"], "[options]", "Remove images that nothing uses", () =>
        [
            Flag("all", "Remove all that no container uses, not only those without a name", 'a'),
            Flag("build-cache", "Remove what commands of builds keep from one to the next, too (RUN --mount=type=cache)"),
            Flag("dry-run", "Show what would be removed, and what that would free"),
            NotYet(Flag("external", "Remove those that other programs' containers use, too"), "false"),
            List("filter", "Remove those for which this holds: label=, label!=, until="),
            Flag("force", "Don't ask", 'f'),
        ])
        { MaximumArguments = 0, Examples = ["image prune --dry-run", "image prune --all --force --filter until=240h"] },
        new(CommandId.Save, ["image save", "save"], "[options] IMAGE [IMAGE...]", "Write images to an archive or a directory", () =>
        [
            Flag("compress", "Compress layers (docker-dir only)"),
            Choice("format", "Kind of the archive", '\0', "docker-archive", "docker-archive", "docker-dir", "oci-archive", "oci-dir"),
            Flag("multi-image-archive", "Further arguments are images, not names for the first", 'm'),
            Text("output", "File or directory to write to, instead of standard output", 'o', completion: CompletionKind.File),
            Flag("quiet", "Don't show progress", 'q'),
            NoEffect(Hidden(Text("signature-policy", "For tests of other programs"))),
            Flag("uncompressed", "Leave layers uncompressed (OCI formats)"),
        ])
        {
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            Examples = ["save -o app.tar app:1", "save --format oci-dir -o app.oci app:1", "save -m -o all.tar app:1 db:2", "save app:1 | zstd > app.tar.zst"],
        },
        new(CommandId.Load, ["image load", "load"], "[options]", "Load images from an archive or a directory", () =>
        [
            Text("input", "Archive or directory to read, instead of standard input", 'i', completion: CompletionKind.File),
            Flag("quiet", "Don't show progress", 'q'),
            Hidden(Text("signature-policy", "Take this policy.json, not the user's or the host's", completion: CompletionKind.File)),
        ])
        { MaximumArguments = 0, Examples = ["load -i app.tar", "load < app.tar.zst", "load -i app.oci"] },
        new(CommandId.Import, ["image import", "import"], "[options] PATH|- [NAME]", "Make an image of a root file system archive", () =>
        [
            Text("arch", "Processor architecture to record"),
            List("change", "Apply a Containerfile instruction (CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR)", 'c'),
            Text("message", "Comment for the history", 'm'),
            Text("os", "Operating system to record"),
            Flag("quiet", "Print the ID only", 'q'),
            Hidden(Text("signature-policy", "Take this policy.json, not the user's or the host's", completion: CompletionKind.File)),
            Text("variant", "Variant of the architecture to record"),
        ])
        { MinimumArguments = 1, MaximumArguments = 2, ArgumentCompletion = CompletionKind.File, Examples = ["import rootfs.tar.gz localhost/base", "import -c CMD=/bin/sh - localhost/base < rootfs.tar"] },
    ];

    private static IReadOnlyList<OptionDefinition> Pull() => ContainerOptions.Sorted([
        Flag("all-tags", "Fetch all tags of the repository", 'a'),
        .. ContainerOptions.Registry(),
        Text("arch", "Choose the image for this processor architecture"),
        Text("os", "Choose the image for this operating system"),
        Text("variant", "Choose the image for this variant of the architecture"),
        Text("platform", "Choose the image for this OS/ARCH[/VARIANT]"),
        ContainerOptions.DecryptionKey(),
        NoEffect(Hidden(Flag("disable-content-trust", "For docker's sake; there is no such thing here"))),
        Choice("policy", "When to fetch: always, missing, never, newer", '\0', "always", "always", "missing", "never", "newer"),
        Flag("quiet", "Print the ID only", 'q'),
        Hidden(Text("signature-policy", "Take this policy.json, not the user's or the host's", completion: CompletionKind.File)),
    ]);

    private static IReadOnlyList<OptionDefinition> Push() => ContainerOptions.Sorted([
        .. ContainerOptions.Registry(),
        Flag("compress", "Compress the layers of a directory (dir:)"),
        Choice("compression-format", "How layers are compressed that have to be sent", '\0', null, "gzip", "zstd"),
        Number("compression-level", "How hard: gzip 0 to 9, zstd 1 to 20"),
        Text("digestfile", "Write the digest of the manifest to a file", completion: CompletionKind.File),
        NoEffect(Hidden(Flag("disable-content-trust", "For docker's sake; there is no such thing here"))),
        .. ContainerOptions.Encryption(),
        Flag("force-compression", "Send layers again that the registry has compressed in another way"),
        Choice("format", "Form of the image at the registry: oci or v2s2; else the form it has", 'f', null, "oci", "v2s2"),
        Flag("quiet", "Show no progress", 'q'),
        Text("sbom", "Send this bill of materials (SPDX or CycloneDX in JSON) with the image, as an artifact about it", completion: CompletionKind.File),
        Flag("remove-signatures", "Leave the image's signatures behind"),
        .. TrustCommands.Keys(),
        NoEffect(Hidden(Text("signature-policy", "For tests of other programs"))),
    ]);
}
