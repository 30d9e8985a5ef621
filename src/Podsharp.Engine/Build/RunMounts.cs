using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Mounts files for RUN (<c>--mount</c>).</summary>
/// <param name="job">The build.</param>
/// <param name="sources">Finds stages, contexts and images.</param>
internal sealed class RunMounts(BuildJob job, BuildSources sources)
{
    private const uint PrivateFile = 0x180; // 0600
    private const int SecretMode = 0x100; // 0400
    private int count;

    /// <summary>Finds out what an instruction mounts. Nothing is made yet.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound; Unsupported.</exception>
    internal async Task<MountedFiles> PrepareAsync(RunInstruction instruction, RunCommand command, Stage stage, Func<string, string> expand, ImageConfigSection section,
        CancellationToken cancellationToken)
    {
        var mounted = new MountedFiles();
        var workingDirectory = section.WorkingDir ?? "/";
        if (job.Request.CompatVolumes)
            Volumes(mounted, section);
        foreach (var (path, content) in command.Files)
            AddFile(mounted, path, Encoding.UTF8.GetBytes(content), 0x1ED /* 0755 */, 0, 0);
        foreach (var text in instruction.Mounts)
        {
            var mount = RunMount.Parse(expand(text));
            var target = mount.Target is { } path ? path.StartsWith('/') ? path : $"{workingDirectory}/{path}" : null;
            if (target is not null)
                mounted.Targets.Add(RawPath.Clean(RawPath.FromText(target)));
            switch (mount.Kind)
            {
                case RunMountKind.Bind:
                    await BindAsync(mounted, mount, target!, stage, cancellationToken);
                    break;
                case RunMountKind.Cache:
                    await CacheAsync(mounted, mount, target!, stage, cancellationToken);
                    break;
                case RunMountKind.Tmpfs:
                    Tmpfs(mounted, mount, target!);
                    break;
                case RunMountKind.Secret:
                    Secret(mounted, mount, target);
                    break;
                default:
                    Agent(mounted, mount, target);
                    break;
            }
        }
        return mounted;
    }

    // Each is a volume of the command's own, with what the image has there, and goes with it.
    private static void Volumes(MountedFiles mounted, ImageConfigSection section)
    {
        foreach (var path in section.Volumes ?? [])
        {
            mounted.Keys.Add("volume " + path);
            mounted.Targets.Add(RawPath.Clean(RawPath.FromText(path)));
            mounted.Mounts.Add(new() { Type = MountType.Volume, Target = "/" + RawPath.ToText(RawPath.Clean(RawPath.FromText(path))) });
        }
    }

    private async Task BindAsync(MountedFiles mounted, RunMount mount, string target, Stage stage, CancellationToken cancellationToken)
    {
        var source = mount.From is { } from ? await sources.FindAsync(from, stage, cancellationToken) : job.Context.Source;
        var path = RawPath.Clean(RawPath.FromText(mount.Source ?? ""));
        if (source.TopLayer is { } layer)
        {
            mounted.Keys.Add($"bind {layer} {path} {target} {mount.Writable}");
            if (source.ImageId is null)
                throw EngineErrors.InvalidArgument($"{source.Name} has no files", mount.From);
            mounted.Mounts.Add(new() { Type = MountType.Image, Source = source.ImageId, Target = target, SubPath = path.Length > 0 ? "/" + RawPath.ToText(path) : null, Options = mount.Writable ? ["rw"] : [] });
            return;
        }
        using var file = Open(source, path, mount);
        var isDirectory = Files.Status(file).IsDirectory;
        mounted.Keys.Add($"bind {Hash(source, path, isDirectory, cancellationToken)} {target} {mount.Writable}");
        // What it resolves to, within the context.
        var host = Encoding.UTF8.GetString(Files.TryReadLink(Files.Absolute, $"/proc/self/fd/{(int)file.DangerousGetHandle()}") ?? []);
        List<string> options = [.. mount.Writable && isDirectory ? ["O"] : new[] { "ro" }, .. mount.Relabel switch { "shared" => ["z"], "private" => ["Z"], _ => Array.Empty<string>() },
            .. mount.Propagation is { } propagation && !mount.Writable ? [propagation] : Array.Empty<string>()];
        mounted.Mounts.Add(new() { Type = MountType.Bind, Source = host, Target = target, Options = options });
    }

    private static SafeFileHandle Open(BuildSource source, string path, RunMount mount) => source.Tree.TryOpen(path, OpenFlags.Path)
        ?? throw new ContainerEngineException(ErrorKind.NotFound, "MountSourceNotFound", $"{source.Name} has no {mount.Source}", mount.Source, "correct the path; it is taken from the top of the context");

    private static string Hash(BuildSource source, string path, bool isDirectory, CancellationToken cancellationToken) => CopyStep.Hash(
        new(new() { Sources = [new() { Tree = source.Tree, Path = path, IsDirectory = isDirectory }], Destination = "" }, null, false, null), cancellationToken);

    // A new cache begins with the files that from= names, as with BuildKit; another beginning is another cache. (podman 5.8 mounts the stage's own files, and what is written
    // there is gone with the build.)
    private async Task CacheAsync(MountedFiles mounted, RunMount mount, string target, Stage stage, CancellationToken cancellationToken)
    {
        var id = mount.Id is { Length: > 0 } given ? given : target;
        Action<string, CancellationToken>? fill = null;
        if (mount.From is { } from)
        {
            var source = await sources.FindAsync(from, stage, cancellationToken);
            var path = RawPath.Clean(RawPath.FromText(mount.Source ?? ""));
            using var directory = Open(source, path, mount);
            if (!Files.Status(directory).IsDirectory)
                throw EngineErrors.InvalidArgument($"{mount.Source} of {source.Name} is no directory, and a cache is one", mount.Source, "name a directory");
            id = $"{id} from {source.TopLayer ?? Hash(source, path, isDirectory: true, cancellationToken)} {RawPath.ToText(path)}";
            fill = (place, stop) => Fill(source, path, place, stop);
        }
        mounted.Keys.Add($"cache {id} {target}");
        mounted.Pending.Add(async stop =>
        {
            var (path, held) = await new CacheDirectories(job.Parts).TakeAsync(id, mount, fill, stop);
            mounted.Hold(held);
            mounted.Mounts.Add(new() { Type = MountType.Bind, Source = path, Target = target, Options = mount.Writable ? ["rw"] : ["ro"] });
        });
    }

    private void Fill(BuildSource source, string path, string place, CancellationToken cancellationToken)
    {
        using var from = source.Tree.TryOpen(path, OpenFlags.Directory)!;
        using var to = Files.Open(place, OpenFlags.Directory);
        using var archive = new FileStream(job.Session.NewDirectory() + "/archive", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var writer = new TarWriter(archive);
        new TreeArchiver(writer, cancellationToken).AddContent(from, []);
        writer.Finish();
        archive.Position = 0;
        using var extractor = new TreeExtractor(to, [], new ExtractOptions { SkipDevices = true });
        ArchiveInput.RunAsync(archive, extractor.Extract, cancellationToken).GetAwaiter().GetResult();
    }

    private static void Tmpfs(MountedFiles mounted, RunMount mount, string target)
    {
        mounted.Keys.Add($"tmpfs {target} {mount.TmpfsSize} {mount.Mode} {mount.CopyUp}");
        List<string> options = [.. mount.TmpfsSize is { } size ? [$"size={size.ToString(CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
            .. mount.Mode is { } mode ? [$"mode={Convert.ToString(mode, 8)}"] : Array.Empty<string>(), mount.CopyUp ? "tmpcopyup" : "notmpcopyup"];
        mounted.Mounts.Add(new() { Type = MountType.Tmpfs, Target = target, Options = options });
    }

    private void Secret(MountedFiles mounted, RunMount mount, string? target)
    {
        var id = mount.Id is { Length: > 0 } given ? given : target is null ? "" : Path.GetFileName(target);
        mounted.Keys.Add($"secret {id} {target} {mount.Environment}");
        var secret = job.Request.Secrets.FirstOrDefault(secret => secret.Id == id);
        if (secret is null)
        {
            if (mount.Required)
                throw new ContainerEngineException(ErrorKind.NotFound, "SecretNotFound", $"no secret {id} was given to the build", id, $"give it: --secret id={id},src=FILE");
            return;
        }
        if (mount.Environment is { } variable)
        {
            var name = $"build-{job.Id[..12]}-{count++}";
            mounted.Pending.Add(_ =>
            {
                mounted.Hold(job.Parts.Secrets.Lend(name, secret.Value));
                return Task.CompletedTask;
            });
            mounted.Secrets.Add(new() { Secret = name, IsVariable = true, Target = variable });
        }
        if (mount.Environment is null || target is not null)
        {
            var path = target ?? "/run/secrets/" + id;
            mounted.Targets.Add(RawPath.Clean(RawPath.FromText(path)));
            AddFile(mounted, path, secret.Value, mount.Mode ?? SecretMode, mount.UserId ?? 0, mount.GroupId ?? 0);
        }
    }

    private void Agent(MountedFiles mounted, RunMount mount, string? target)
    {
        var id = mount.Id is { Length: > 0 } given ? given : "default";
        mounted.Keys.Add($"ssh {id} {target}");
        var keys = job.Request.SshKeys.GetValueOrDefault(id);
        if (!job.Request.SshAgents.TryGetValue(id, out var socket) && keys is null)
        {
            if (mount.Required)
                throw new ContainerEngineException(ErrorKind.NotFound, "AgentNotFound", $"no key agent {id} was given to the build", id, $"give it: --ssh {id}");
            return;
        }
        var path = target ?? $"/run/buildkit/ssh_agent.{(count++).ToString(CultureInfo.InvariantCulture)}";
        mounted.Targets.Add(RawPath.Clean(RawPath.FromText(path)));
        mounted.Environment.Add("SSH_AUTH_SOCK=" + path);
        mounted.Pending.Add(stop =>
        {
            var directory = job.Session.NewMemoryDirectory();
            if (keys is not null)
            {
                mounted.Hold(KeyAgent.Start(job.Parts, directory, keys, stop));
                socket = Path.Combine(directory, KeyAgent.Socket);
            }
            var (relay, own) = AgentRelay.Open(directory, socket!, mount.Mode ?? PrivateFile, mount.UserId ?? 0, mount.GroupId ?? 0);
            mounted.Hold(relay);
            mounted.Mounts.Add(new() { Type = MountType.Bind, Source = own, Target = path, Options = ["rw"] });
            return Task.CompletedTask;
        });
    }

    // In memory only, and gone with the build.
    private void AddFile(MountedFiles mounted, string target, ReadOnlyMemory<byte> content, uint mode, uint user, uint group)
    {
        var path = job.Session.NewFile();
        mounted.Pending.Add(_ =>
        {
            Files.Replace(path, content.Span, PrivateFile, durable: false);
            LinuxError.Check(Files.TryChangeOwner(Files.Absolute, path, user, group), "change the owner of", path);
            LinuxError.Check(Files.TryChangeMode(Files.Absolute, path, mode), "change the mode of", path);
            return Task.CompletedTask;
        });
        mounted.Mounts.Add(new() { Type = MountType.Bind, Source = path, Target = target, Options = ["ro"] });
    }
}
