using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The options of <c>build</c>.</summary>
internal static class BuildOptions
{
    // What the containers of RUN have in common with all others.
    private static readonly string[] Shared =
    [
        "add-host", "cap-add", "cap-drop", "cgroup-parent", "cgroupns", "cpu-period", "cpu-quota", "cpu-shares", "cpuset-cpus", "cpuset-mems", "device", "dns",
        "dns-option", "dns-search", "group-add", "http-proxy", "ipc", "memory", "memory-swap", "network", "no-hostname", "no-hosts", "pid", "security-opt",
        "shm-size", "ulimit", "userns", "uts", "volume",
    ];

    internal static IReadOnlyList<OptionDefinition> All() => ContainerOptions.Sorted(
    [
        .. Source(), .. Result(), .. Cache(), .. Platforms(), .. Steps(), .. Output(), .. ForOthersSake(), .. ContainerOptions.Registry(),
        .. ContainerOptions.Create().Where(option => Shared.Contains(option.Name)),
    ]);

    private static OptionDefinition[] Source() =>
    [
        List("file", "Containerfile; several are read as one", 'f', CompletionKind.File),
        List("build-context", "Further context: NAME=DIRECTORY, NAME=ADDRESS, NAME=container-image://IMAGE"),
        Text("ignorefile", "File with the rules of what the context leaves out", completion: CompletionKind.File),
        Text("target", "Stage to build"),
        List("build-arg", "Value for an ARG: NAME=VALUE, or NAME for the caller's variable"),
        List("build-arg-file", "Read values for ARG from a file, one a line", completion: CompletionKind.File),
        List("secret", "Secret for RUN: id=NAME[,src=FILE][,env=VARIABLE][,type=file|env]"),
        List("ssh", "Key agent for RUN: NAME, NAME=SOCKET, or NAME=KEY[,KEY] for files of private keys"),
        Text("from", "Base image in place of the first FROM's", completion: CompletionKind.Image),
        List("cpp-flag", "Option for the C preprocessor, which files whose names end in .in go through; also by the variable BUILDAH_CPPFLAGS"),
        NotYet(Text("source-policy-file", "Rules about where base images may come from", completion: CompletionKind.File)),
    ];

    private static OptionDefinition[] Result() =>
    [
        List("tag", "Name for the image", 't'),
        Choice("format", "Form of the image: oci or docker", '\0', "oci", "oci", "docker"),
        List("label", "Set a label (NAME=value)"),
        Commas("unsetlabel", "Leave out a label of the base image"),
        List("annotation", "Set an annotation of the manifest (NAME=value)"),
        Commas("unsetannotation", "Leave out an annotation of the base image"),
        List("env", "Set a variable of the image (NAME=value, or NAME for the caller's)"),
        Commas("unsetenv", "Leave out a variable of the image"),
        Flag("squash", "Make one layer of all that the build adds"),
        Flag("squash-all", "Make one layer of all, the base image's included"),
        Flag("omit-history", "Leave the history out of the image"),
        Number("timestamp", "Time of the image and of all files in its layers, in seconds since 1970"),
        Text("source-date-epoch", "Time of the image and its history, in seconds since 1970; also by the variable SOURCE_DATE_EPOCH"),
        Flag("rewrite-timestamp", "Let nothing in the layers be younger than --source-date-epoch"),
        Flag("created-annotation", "Set the annotation org.opencontainers.image.created", def: "true"),
        Flag("inherit-annotations", "Keep the annotations of the base image", def: "true"),
        Flag("inherit-labels", "Keep the labels of the base image", def: "true"),
        List("layer-label", "Set a label of the images between"),
        Text("manifest", "List of images to add the image to, or the images of several platforms"),
        List("output", "Write the image's files to a directory or an archive, too: type=local|tar,dest=PATH, DIRECTORY, or - for standard output", 'o', CompletionKind.File),
        Commas("os-feature", "Feature of the operating system that the image needs"),
        Text("os-version", "Version of the operating system that the image needs"),
        Refused(Text("sign-by", "Sign with this key"), "an image in local storage has no signature that anybody would look at: sign it on its way to a registry, push --sign-by"),
        Refused(Text("cw", "Make a confidential workload"), "it needs a processor with SEV or TDX, an attestation server and the runtime krun, and none of these can be checked here"),
        .. Inventory(),
    ];

    // An image's bill of materials is written by scanners in containers of their own.
    private static OptionDefinition[] Inventory() =>
    [
        Text("sbom", "Scan the image with this preset"),
        Text("sbom-image-output", "Where in the image to put the scan"),
        Text("sbom-image-purl-output", "Where in the image to put the scan's list of packages"),
        Text("sbom-merge-strategy", "How to put several scans together"),
        Text("sbom-output", "File for the scan", completion: CompletionKind.File),
        Text("sbom-purl-output", "File for the scan's list of packages", completion: CompletionKind.File),
        List("sbom-scanner-command", "Command of the scanner"),
        Text("sbom-scanner-image", "Image of the scanner", completion: CompletionKind.Image),
    ];

    private static OptionDefinition[] Cache() =>
    [
        Flag("layers", "Make a layer of each instruction that changes files, and keep it for later builds; also by the variable BUILDAH_LAYERS", def: "true"),
        Flag("no-cache", "Carry out all steps, whatever earlier builds have led to"),
        Text("cache-ttl", "How old a step's earlier result may be: 24h"),
        List("cache-from", "Repository to take steps' results from, where they aren't known here"),
        List("cache-to", "Repository to put steps' results into"),
        Choice("pull", "When to fetch base images: always, missing, never, newer", '\0', "missing", "always", "missing", "never", "newer") with { BareValue = "always" },
        Hidden(Flag("pull-always", "The same as --pull=always")),
        Hidden(Flag("pull-never", "The same as --pull=never")),
        ContainerOptions.DecryptionKey(),
        Flag("skip-unused-stages", "Build only the stages that the target needs", def: "true"),
        Number("jobs", "Stages built at once; 0 for as many as can be", def: "0"),
    ];

    private static OptionDefinition[] Platforms() =>
    [
        Commas("platform", "Build for this OS/ARCH[/VARIANT]; for several at once, if they are separated by commas"),
        Text("arch", "Build for this processor architecture"),
        Text("os", "Build for this operating system"),
        Text("variant", "Build for this variant of the architecture"),
        Flag("all-platforms", "Build for all platforms that the base images have"),
    ];

    private static OptionDefinition[] Steps() =>
    [
        Commas("userns-uid-map", "Map user ids: CONTAINER-ID:HOST-ID:COUNT"),
        Commas("userns-gid-map", "Map group ids: CONTAINER-ID:HOST-ID:COUNT"),
        Text("userns-uid-map-user", "User in /etc/subuid to take ids from"),
        Text("userns-gid-map-group", "Group in /etc/subgid to take ids from"),
        Choice("isolation", "How RUN is kept apart: oci, rootless or chroot; also by the variable BUILDAH_ISOLATION", '\0', null, "oci", "rootless", "chroot"),
        Commas("allow", "Allow what RUN asks for: security.insecure (all privileges)"),
        Flag("compat-volumes", "Drop what RUN changes in the image's volumes"),
        Flag("stdin", "Give standard input to RUN"),
        List("hooks-dir", "Directory with OCI hooks", completion: CompletionKind.Directory),
        Commas("runtime-flag", "Option for the OCI runtime, without its dashes"),
        Hidden(Text("cdi-config-dir", "Directory with CDI specifications", completion: CompletionKind.Directory)),
    ];

    private static OptionDefinition[] Output() =>
    [
        Flag("quiet", "Print the image's ID alone", 'q'),
        Text("iidfile", "Write the image's ID to a file", completion: CompletionKind.File),
        Text("iidfile-raw", "Write the image's ID to a file, without sha256:", completion: CompletionKind.File),
        Text("metadata-file", "Write the digests of the image's manifest and configuration to a file, as JSON", completion: CompletionKind.File),
        Text("logfile", "Write what the build tells to a file", completion: CompletionKind.File),
        Flag("logsplit", "Write a log for each platform: the file's name, and behind it _OS_ARCH"),
        Hidden(Flag("log-rusage", "Tell how long each step has taken")),
        Hidden(Text("rusage-logfile", "Where to tell how long each step has taken", completion: CompletionKind.File)),
    ];

    private static OptionDefinition[] ForOthersSake() =>
    [
        NoEffect(Hidden(Flag("load", "For docker's sake: the image is always in local storage"))),
        NoEffect(Hidden(Text("progress", "For docker's sake"))),
        NoEffect(Hidden(Number("loglevel", "For podman's sake"))),
        NoEffect(Hidden(Flag("disable-content-trust", "For docker's sake; there is no such thing here"))),
        Hidden(Text("signature-policy", "Take this policy.json, not the user's or the host's", completion: CompletionKind.File)),
        NoEffect(Flag("compress", "Without effect: layers in local storage aren't compressed")),
        NoEffect(Flag("disable-compression", "Without effect: layers in local storage aren't compressed", 'D', "true")),
        NoEffect(Flag("force-rm", "Remove the containers of steps even if one fails, which is always done", def: "true")),
        Refused(Flag("rm", "Remove the containers of steps", def: "true"), "a step's container goes with it; its result stays as an image, whose id is told, and can be looked at: run --rm -it ID sh", "true"),
        NoEffect(Flag("identity-label", "For podman's sake: no label tells who has built the image")),
        Refused(Hidden(Text("blob-cache", "Directory of blobs")), "layers are kept in the image store alone, and a push needs no second copy of them"),
    ];
}
