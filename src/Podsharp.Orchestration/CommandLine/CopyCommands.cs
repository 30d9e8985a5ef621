using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands that work on images where they are: what skopeo does, with its options.</summary>
internal static class CopyCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.ImageCopy, ["image copy"], "[options] SOURCE DESTINATION", "Copy an image from one place to another, without pulling it", Copy)
        {
            MinimumArguments = 2,
            MaximumArguments = 2,
            Description = "Places are docker://NAME, containers-storage:NAME, oci:DIRECTORY[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME] and dir:DIRECTORY. "
                + "What needn't change stays as it is, byte for byte, and so does the digest.",
            Examples =
            [
                "image copy docker://registry.example.org/app:1 docker://mirror.example.org/app:1",
                "image copy --all docker://registry.example.org/app:1 oci:app:1",
                "image copy --dest-compress-format zstd containers-storage:localhost/app oci-archive:app.tar",
            ],
        },
        new(CommandId.ImageSync, ["image sync"], "[options] SOURCE DESTINATION", "Copy whole repositories, from and to registries and directories", Sync)
        {
            MinimumArguments = 2,
            MaximumArguments = 2,
            Description = "--src says what SOURCE is: docker, a repository or one image of it; dir, a directory with images of the transport dir below it; yaml, a file that names repositories "
                + "(skopeo-sync(1)). --dest says what DESTINATION is: docker, a registry with a path, or dir, a directory. A tag that the destination has of the same image is passed over.",
            Examples = ["image sync --src docker --dest dir registry.example.org/app /media/usb", "image sync --src yaml --dest docker sync.yaml mirror.example.org/all"],
        },
        new(CommandId.ImageScp, ["image scp"], "[options] [[USER@]HOST::]IMAGE [[[USER@]HOST::][NAME]]", "Send an image to another user or host, or take one from there",
            () => [Flag("quiet", "Don't tell what it is called there", 'q')])
        {
            MinimumArguments = 1,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.Image,
            Description = "HOST is a name of ssh's, or of a connection of podman's; localhost means another user of this host. There podsharp or podman has to be installed.",
            Examples = ["image scp app:1 build@other.example.org::", "image scp other.example.org::app:1", "image scp root@localhost::app user@localhost::app"],
        },
        new(CommandId.ImageDelete, ["image delete"], "[options] IMAGE [IMAGE...]", "Remove images from registries", () => ContainerOptions.Sorted(
        [
            Flag("dry-run", "Show what would be removed"),
            .. ContainerOptions.Registry(),
        ]))
        {
            MinimumArguments = 1,
            Description = "With the image go all its tags, since registries know its manifest by the digest. Many registries don't allow it.",
            Examples = ["image delete docker://registry.example.org/app:1", "image delete --dry-run registry.example.org/app:1"],
        },
    ];

    internal static IReadOnlyList<OptionDefinition> Inspect() => ContainerOptions.Sorted([
        ContainerCommands.Format(),
        Flag("remote", "Look at images where they are, without fetching them"),
        Flag("config", "Show the configuration, as it is (remote)"),
        Flag("raw", "Show the manifest, as it is (remote)"),
        Flag("no-tags", "Don't list the tags of the repository (remote)", 'n'),
        Text("platform", "Choose the image of a list for this OS/ARCH[/VARIANT] (remote)"),
        .. ContainerOptions.Registry(),
    ]);

    private static IReadOnlyList<OptionDefinition> Sync() => ContainerOptions.Sorted([
        Flag("all", "Copy lists with all their images", 'a'),
        Text("append-suffix", "Append this to the tags at the destination"),
        Text("authfile", "File with registry credentials", completion: CompletionKind.File),
        .. Registry("src-", "source"),
        .. Registry("dest-", "destination"),
        Choice("dest", "What DESTINATION is: docker or dir", 'd', null, "docker", "dir"),
        Text("digestfile", "Write the digests and names of the images to a file", completion: CompletionKind.File),
        Flag("dry-run", "Show what would be copied"),
        Choice("format", "Form of the images at the destination: oci or v2s2; else the form they have", 'f', null, "oci", "v2s2"),
        Flag("keep-going", "Go on with the other images where one fails"),
        Flag("preserve-digests", "Fail rather than change a digest"),
        Flag("remove-signatures", "Leave the images' signatures behind"),
        Text("retry-delay", "How long to wait between retries"),
        Number("retry-times", "How often to retry after a failure"),
        Flag("scoped", "Have the source's whole name in the destination's path"),
        NotYet(Text("sign-by", "Sign with this key")),
        NotYet(Text("sign-by-sigstore", "Sign with a sigstore parameter file", completion: CompletionKind.File)),
        NotYet(Text("sign-by-sigstore-private-key", "Sign with a sigstore private key", completion: CompletionKind.File)),
        NotYet(Text("sign-by-sq-fingerprint", "Sign with this Sequoia key")),
        NotYet(Text("sign-passphrase-file", "File with the passphrase for signing", completion: CompletionKind.File)),
        Choice("src", "What SOURCE is: docker, dir or yaml", 's', null, "docker", "dir", "yaml"),
    ]);

    private static IReadOnlyList<OptionDefinition> Copy() => ContainerOptions.Sorted([
        List("additional-tag", "Further name for the image (docker-archive:)"),
        Flag("all", "Copy the list and all its images, if SOURCE is a list", 'a'),
        Text("arch", "Choose the image of a list for this processor architecture"),
        Text("authfile", "File with registry credentials", completion: CompletionKind.File),
        ContainerOptions.DecryptionKey(),
        .. Registry("src-", "source"),
        .. Registry("dest-", "destination"),
        Flag("dest-compress", "Compress layers (dir:)"),
        Choice("dest-compress-format", "How layers are compressed", '\0', null, "gzip", "zstd"),
        Number("dest-compress-level", "How hard: gzip 0 to 9, zstd 1 to 20"),
        Flag("dest-decompress", "Unpack layers to plain tars (dir:)"),
        Flag("dest-force-compress-format", "Copy layers, too, that the destination has in another compression"),
        Flag("dest-oci-accept-uncompressed-layers", "Leave layers plain that are plain (oci:, oci-archive:)"),
        NotYet(Flag("dest-precompute-digests", "Compress layers before it is known whether they have to be sent"), "false"),
        NotYet(Text("dest-shared-blob-dir", "Directory that OCI layouts share for their blobs", completion: CompletionKind.Directory)),
        NotYet(Text("dest-daemon-host", "Address of a docker daemon")),
        Text("digestfile", "Write the digest of the manifest to a file", completion: CompletionKind.File),
        .. ContainerOptions.Encryption(),
        Choice("format", "Form of the image at the destination: oci or v2s2; else the form it has", 'f', null, "oci", "v2s2"),
        Choice("multi-arch", "What of a list is copied: system, all, index-only", '\0', null, "system", "all", "index-only"),
        Text("os", "Choose the image of a list for this operating system"),
        Text("platform", "Choose the image of a list for this OS/ARCH[/VARIANT]"),
        Flag("preserve-digests", "Fail rather than change a digest"),
        Flag("quiet", "Show no progress", 'q'),
        Flag("remove-signatures", "Leave the image's signatures behind"),
        Text("retry-delay", "How long to wait between retries"),
        Number("retry-times", "How often to retry after a failure"),
        NotYet(Text("sign-by", "Sign with this key")),
        NotYet(Text("sign-by-sigstore", "Sign with a sigstore parameter file", completion: CompletionKind.File)),
        NotYet(Text("sign-by-sigstore-private-key", "Sign with a sigstore private key", completion: CompletionKind.File)),
        NotYet(Text("sign-by-sq-fingerprint", "Sign with this Sequoia key")),
        NotYet(Text("sign-identity", "Name that is signed")),
        NotYet(Text("sign-passphrase-file", "File with the passphrase for signing", completion: CompletionKind.File)),
        NotYet(Text("src-daemon-host", "Address of a docker daemon")),
        NotYet(Text("src-shared-blob-dir", "Directory that OCI layouts share for their blobs", completion: CompletionKind.Directory)),
        Text("variant", "Choose the image of a list for this variant of the architecture"),
    ]);

    private static OptionDefinition[] Registry(string prefix, string which) =>
    [
        Text(prefix + "authfile", $"File with credentials for the {which}'s registry", completion: CompletionKind.File),
        Text(prefix + "cert-dir", $"Directory with certificates for the {which}'s registry", completion: CompletionKind.Directory),
        Text(prefix + "creds", $"Credentials for the {which}'s registry (USER:PASSWORD)"),
        Flag(prefix + "no-creds", $"Use no credentials for the {which}'s registry"),
        Text(prefix + "password", $"Password for the {which}'s registry"),
        Text(prefix + "registry-token", $"Bearer token for the {which}'s registry"),
        Flag(prefix + "tls-verify", $"Demand https and a valid certificate of the {which}'s registry"),
        Text(prefix + "username", $"User name for the {which}'s registry"),
    ];
}
