using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>Answers a completion script: a candidate a line, then what the shell should add (see <see cref="CompletionScripts"/>).</summary>
internal static class CompletionAnswer
{
    private static readonly string[] Capabilities =
    [
        "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE",
        "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD",
        "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG",
        "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE",
        "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
    ];

    internal static async Task<int> AnswerAsync(CommandContext context)
    {
        var request = CompletionRequest.Create(context.Line.Arguments);
        try
        {
            await foreach (var (word, text) in CandidatesAsync(context, request))
                if (word.StartsWith(request.Part, StringComparison.OrdinalIgnoreCase))
                    context.Out.WriteLine(text.Length > 0 ? $"{request.Prefix}{word}\t{text}" : request.Prefix + word);
        }
        catch (ContainerEngineException)
        {
            // A shell has no place for errors while somebody types.
        }
        context.Out.WriteLine(request.Kind switch { CompletionKind.File or CompletionKind.FileOrContainer => ":1", CompletionKind.Directory => ":2", _ => ":0" });
        return 0;
    }

    private static async IAsyncEnumerable<(string Word, string Text)> CandidatesAsync(CommandContext context, CompletionRequest request)
    {
        foreach (var word in request.Words)
            yield return word;
        foreach (var word in Fixed(request.Kind))
            yield return (word, "");
        if (request.Kind is CompletionKind.Container or CompletionKind.RunningContainer or CompletionKind.StoppedContainer or CompletionKind.AnyObject)
        {
            await foreach (var container in context.Engine.ListContainersAsync(new() { All = request.Kind != CompletionKind.RunningContainer }))
            {
                if (request.Kind == CompletionKind.StoppedContainer && container.State == ContainerState.Running)
                    continue;
                yield return (container.Name, $"{container.State.ToString().ToLowerInvariant()} {container.Image}");
                if (request.Part.Length > 0 && container.Id.StartsWith(request.Part, StringComparison.Ordinal))
                    yield return (container.ShortId, container.Name);
            }
        }
        if (request.Kind == CompletionKind.FileOrContainer)
            await foreach (var container in context.Engine.ListContainersAsync(new() { All = true }))
                yield return (container.Name + ":", container.Image);
        if (request.Kind is CompletionKind.Image or CompletionKind.AnyObject)
        {
            await foreach (var image in context.Engine.ListImagesAsync(new()))
                foreach (var word in ImageWords(image, request.Part))
                    yield return (word, image.ShortId);
        }
        if (request.Kind == CompletionKind.Artifact)
            await foreach (var artifact in context.Engine.ListArtifactsAsync())
                yield return (artifact.Name, artifact.Type);
        if (request.Kind == CompletionKind.Secret)
            await foreach (var secret in context.Engine.ListSecretsAsync(new()))
                yield return (secret.Name, secret.Driver);
        if (request.Kind == CompletionKind.Pod)
            await foreach (var pod in context.Engine.ListPodsAsync(new()))
                yield return (pod.Name, pod.State.ToString().ToLowerInvariant());
        if (request.Kind is CompletionKind.Volume or CompletionKind.AnyObject)
            await foreach (var volume in context.Engine.ListVolumesAsync(new()))
                yield return (volume.Name, "");
        if (request.Kind is CompletionKind.NetworkName or CompletionKind.Network or CompletionKind.AnyObject)
            await foreach (var network in context.Engine.ListNetworksAsync(new()))
                yield return (network.Name, $"{network.Driver} {string.Join(' ', network.Subnets)}");
    }

    private static IEnumerable<string> Fixed(CompletionKind kind) => kind switch
    {
        CompletionKind.Signal => SignalNames.All,
        CompletionKind.Capability => Capabilities,
        CompletionKind.Network => ["bridge", "host", "none", "pasta", "slirp4netns", "container:", "ns:"],
        _ => [],
    };

    private static IEnumerable<string> ImageWords(ContainerImage image, string part)
    {
        foreach (var name in image.Names)
        {
            yield return name;
            // What one types of docker.io/library/alpine:latest is alpine.
            var slash = name.LastIndexOf('/');
            if (slash >= 0)
                yield return name[(slash + 1)..];
        }
        if (part.Length > 0 && image.Id.StartsWith(part, StringComparison.Ordinal))
            yield return image.ShortId;
    }
}
