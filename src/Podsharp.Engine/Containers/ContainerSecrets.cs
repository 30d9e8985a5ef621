using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Secrets of containers, as under podman: files are copied when the container is made, and keep what the secret was then; variables are
/// looked up at each start. Their values are in no record of ours: those of variables only in the run's config.json, which its owner alone can
/// read and which a reboot clears.</summary>
internal sealed class ContainerSecrets(EngineParts parts)
{
    private const string Base = "/run/secrets";
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const uint PublicDirectory = 0x1ED; // 0755

    /// <summary>Finds the secrets, for the definition of a container.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument.</exception>
    public IReadOnlyList<SecretUse> Resolve(IReadOnlyList<SecretUse> uses) => [.. uses.Select(use =>
    {
        var secret = parts.Secrets.Get(use.Secret);
        if (use.Mode is < 0 or > 0xFFF)
            throw EngineErrors.InvalidArgument($"mode {Convert.ToString(use.Mode, 8)} of the secret {secret.Name} is out of range", secret.Name, "give permission bits in octal, such as 0440");
        return use with { Secret = secret.Name, Id = secret.Id };
    })];

    /// <summary>Copies the files into the container's directory, which goes with it.</summary>
    public void Copy(ContainerConfig config, CancellationToken cancellationToken)
    {
        var files = config.Spec.Secrets.Where(use => !use.IsVariable).ToList();
        if (files.Count == 0)
            return;
        Files.MakeDirectories(Directory(config.Id), PrivateDirectory);
        for (var i = 0; i < files.Count; i++)
        {
            var path = CopyPath(config.Id, i);
            Files.Replace(path, parts.Secrets.Value(files[i].Id, cancellationToken), 0x180 /* 0600 until it has its owner */, durable: !Build.BuildContainers.IsShortLived(config));
            GiveTo(config, path, files[i].UserId, files[i].GroupId);
            LinuxError.Check(Files.TryChangeMode(Files.Absolute, path, (uint)files[i].Mode), "change the mode of", path);
            FileLabels.Set(path, config.MountLabel);
        }
    }

    /// <summary>The variables of a start, <c>NAME=value</c>.</summary>
    /// <exception cref="ContainerEngineException">NotFound: a secret was removed.</exception>
    public IReadOnlyList<string> Variables(ContainerConfig config, CancellationToken cancellationToken) => [.. config.Spec.Secrets.Where(use => use.IsVariable).Select(use =>
        $"{(use.Target.Length > 0 ? use.Target : use.Secret)}={System.Text.Encoding.UTF8.GetString(parts.Secrets.Value(use.Secret, cancellationToken))}")];

    /// <summary>Makes the run's directory /run/secrets, so that no file of a secret's name is made in the container's layer.</summary>
    /// <returns>The mounts, the directory first.</returns>
    public IReadOnlyList<OciMount> Mounts(ContainerConfig config)
    {
        var files = config.Spec.Secrets.Where(use => !use.IsVariable).ToList();
        if (files.Count == 0)
            return [];
        var directory = Path.Combine(parts.Storage.RunDirectory(config.Id), "secrets");
        Files.MakeDirectory(directory, PublicDirectory);
        GiveTo(config, directory, 0, 0);
        var mounts = new List<OciMount> { new(Base, "bind", directory, ["bind", "rprivate"]) };
        for (var i = 0; i < files.Count; i++)
        {
            var target = TargetOf(files[i]);
            MakePlace(directory, target);
            mounts.Add(new(target, "bind", CopyPath(config.Id, i), ["bind", "rprivate"]));
        }
        return mounts;
    }

    // Where a file is mounted. A runtime that starts a container makes it; CRIU, which restores one, doesn't.
    private static void MakePlace(string directory, string target)
    {
        if (!target.StartsWith(Base + "/", StringComparison.Ordinal))
            return;
        var place = directory + target[Base.Length..];
        Files.MakeDirectories(Path.GetDirectoryName(place)!, PublicDirectory);
        if (!File.Exists(place))
            Files.Replace(place, [], 0x1A4 /* 0644 */, durable: false);
    }

    private static void GiveTo(ContainerConfig config, string path, uint user, uint group)
    {
        var (hostUser, hostGroup) = config.OnHost(user, group);
        LinuxError.Check(Files.TryChangeOwner(Files.Absolute, path, hostUser, hostGroup), "change the owner of", path);
    }

    private static string TargetOf(SecretUse use) =>
        Path.GetFullPath(Path.Combine(Base, use.Target.Length > 0 ? use.Target : use.Secret));

    private string Directory(string id) => Path.Combine(parts.Storage.StaticDirectory(id), "secrets");

    // By number: a secret may have any name, and be there twice.
    private string CopyPath(string id, int number) => Path.Combine(Directory(id), number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
