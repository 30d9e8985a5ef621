using System.Security.Cryptography;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>The networks' definitions: podman's files, one a network.</summary>
/// <remarks>Files are replaced whole (temporary file and rename), so reading needs no lock; writing takes podman's lock.</remarks>
internal sealed class NetworkStore(NetworkSettings settings)
{
    /// <summary>The default network's name. It is our own: podman's is bound to podman's address book (ipam.db).</summary>
    internal const string DefaultName = "podsharp";

    /// <summary>The subnet of podman's default network.</summary>
    internal static System.Net.IPNetwork PodmanSubnet { get; } = System.Net.IPNetwork.Parse("10.88.0.0/16");

    private const string AsideSuffix = ".podsharp-removed";

    private const uint FileMode = 0x1A4; // 0644: podman's

    private const string CniExtension = ".conflist"; // Files of single plugins (.conf) are no networks to podman either.

    /// <summary>All networks whose files can be read, by name.</summary>
    internal IReadOnlyList<NetworkDefinition> List()
    {
        if (!Directory.Exists(settings.ConfigDirectory)) return [];
        if (settings.UsesCni) return [.. CniFiles().Select(file => file.Network).DistinctBy(network => network.Name).OrderBy(network => network.Name, StringComparer.Ordinal)];
        return [.. Directory.EnumerateFiles(settings.ConfigDirectory, "*.json").Order(StringComparer.Ordinal)
            .Select(f => Find(Path.GetFileNameWithoutExtension(f))).OfType<NetworkDefinition>()];
    }

    /// <summary>A network by name; null where there is no such file, or a broken one.</summary>
    internal NetworkDefinition? Find(string name)
    {
        if (!IsValidName(name)) return null;
        if (settings.UsesCni) return ReadCni(Path.Combine(settings.ConfigDirectory, name + CniExtension)) is { } own && own.Name == name ? own : CniFiles().FirstOrDefault(file => file.Network.Name == name).Network;
        return Files.TryReadAll(PathOf(name)) is { } json ? NetworkFile.Parse(json, name) : null;
    }

    // A CNI network's name is in its file; the file's own name only says in which order others look.
    private IEnumerable<(string Path, NetworkDefinition Network)> CniFiles()
    {
        if (!Directory.Exists(settings.ConfigDirectory)) yield break;
        foreach (var path in Directory.EnumerateFiles(settings.ConfigDirectory, "*" + CniExtension).Order(StringComparer.Ordinal))
            if (ReadCni(path) is { } network) yield return (path, network);
    }

    private static NetworkDefinition? ReadCni(string path) => Files.TryReadAll(path) is { } json ? CniFile.Parse(json, File.GetLastWriteTimeUtc(path)) : null;

    /// <summary>The network a container wants to be attached to.</summary>
    /// <param name="nameOrId">Empty, or the default network's name, makes that network if need be.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="ContainerEngineException">NotFound; Unsupported for a network whose addresses podman gives out.</exception>
    internal NetworkDefinition Resolve(string nameOrId, CancellationToken cancellationToken = default)
    {
        if (nameOrId.Length == 0 || nameOrId == DefaultName) return EnsureDefault(cancellationToken);
        if (!settings.UsesCni && nameOrId == "podman" && Find(nameOrId) is null) throw Foreign(nameOrId, "podman gives out all its addresses");
        var network = Get(nameOrId);
        if (NetworkRules.WhyForeign(network) is { } reason) throw Foreign(network.Name, reason);
        return network.IsOwn || !network.HasAddresses ? network : network with { Subnets = [.. network.Subnets.Select(subnet => NetworkRules.Rest(subnet)!)] };
    }

    /// <summary>A network by name, id or the beginning of its id; the default network is made if need be.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    internal NetworkDefinition Get(string nameOrId, CancellationToken cancellationToken = default)
    {
        if (nameOrId == DefaultName) return EnsureDefault(cancellationToken);
        if (Find(nameOrId) is { } named) return named;
        var matches = nameOrId.Length == 0 ? [] : List().Where(n => n.Id.StartsWith(nameOrId, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw new ContainerEngineException(ErrorKind.NotFound, "NetworkNotFound", $"unable to find network with name or ID {nameOrId}: network not found",
                nameOrId, $"attach to the network \"{DefaultName}\", or make one with: podsharp network create"),
            _ => throw EngineErrors.Ambiguous("network", nameOrId),
        };
    }

    /// <summary>Adds a network, made from what there is while nobody else adds one.</summary>
    internal NetworkDefinition Add(Func<IReadOnlyList<NetworkDefinition>, NetworkDefinition> make, CancellationToken cancellationToken)
    {
        using var held = Lock(cancellationToken);
        var made = Completed(make(List()));
        Write(made);
        return made;
    }

    /// <summary>Changes a network while nobody else does.</summary>
    internal NetworkDefinition Change(string name, Func<NetworkDefinition, NetworkDefinition> change, CancellationToken cancellationToken)
    {
        using var held = Lock(cancellationToken);
        var changed = change(Get(name, cancellationToken));
        Write(changed);
        return changed;
    }

    /// <summary>Takes a network's file away unless somebody uses the network.</summary>
    /// <remarks>The file is set aside before the question is asked: a container that is created meanwhile has been recorded before it looks for the
    /// network (<see cref="Find"/>), so that either it or we see the other.</remarks>
    /// <param name="name">The network's name.</param>
    /// <param name="isUsed">Whether somebody uses it.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>Whether it has gone.</returns>
    internal bool Remove(string name, Func<bool> isUsed, CancellationToken cancellationToken)
    {
        using var held = Lock(cancellationToken);
        var path = PathOf(name);
        var aside = path + AsideSuffix;
        LinuxError.Check(Files.TryRename(path, aside), "remove the network's file", path);
        StepPoints.Reach("network.remove.aside");
        if (isUsed())
        {
            LinuxError.Check(Files.TryRename(aside, path), "put back the network's file", path);
            return false;
        }
        Files.TryRemove(aside);
        return true;
    }

    private void Write(NetworkDefinition network) =>
        Files.Replace(PathOf(network.Name), Encoding.UTF8.GetBytes(Format(network)), FileMode, durable: true);

    private NetworkDefinition Completed(NetworkDefinition network) => !settings.UsesCni ? network
        : CniFile.Complete(network, settings.CniPluginDirectories.Any(directory => File.Exists(Path.Combine(directory, CniFile.NamePlugin))));

    private string Format(NetworkDefinition network) => settings.UsesCni ? CniFile.Format(network) : NetworkFile.Format(network);

    private FileLock Lock(CancellationToken cancellationToken)
    {
        Files.MakeDirectories(settings.ConfigDirectory, 0x1ED);
        Files.MakeDirectories(Path.GetDirectoryName(settings.LockPath)!, 0x1ED);
        return FileLock.Acquire(settings.LockPath, LockMode.Exclusive, cancellationToken);
    }

    /// <summary>The default network; its file is written when it is first needed.</summary>
    internal NetworkDefinition EnsureDefault(CancellationToken cancellationToken = default)
    {
        if (Find(DefaultName) is { } network) return Own(network);
        using var held = Lock(cancellationToken);
        if (Find(DefaultName) is { } written) return Own(written);
        var path = PathOf(DefaultName);
        if (File.Exists(path))
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "NetworkFileBroken", $"the network file {path} can't be read as a network",
                path, "correct it, or remove it to have it made anew");
        }
        var networks = List();
        var made = Former(networks) ?? Completed(NewDefault(networks));
        var text = Encoding.UTF8.GetBytes(Format(made));
        if (settings.DefaultCopyPath is { } copy)
        {
            PrivateDirectory.Ensure(Path.GetDirectoryName(copy)!);
            Files.Replace(copy, text, FileMode, durable: false);
        }
        Files.Replace(path, text, FileMode, durable: true);
        return made;
    }

    // The definition it had before somebody removed the file: containers may still be on that bridge.
    private NetworkDefinition? Former(IReadOnlyList<NetworkDefinition> networks)
    {
        if (settings.DefaultCopyPath is not { } copy || Files.TryReadAll(copy) is not { } json || (settings.UsesCni ? CniFile.Parse(json, File.GetLastWriteTimeUtc(copy)) : NetworkFile.Parse(json, DefaultName)) is not { } former)
            return null;
        var others = networks.SelectMany(n => n.Subnets.Select(s => s.Network)).ToList();
        if (!Directory.Exists("/sys/class/net/" + former.Interface)) others.AddRange(HostNetworks.Read());
        return former.Subnets.Any(s => others.Any(o => AddressMath.Overlap(o, s.Network))) || networks.Any(n => n.Interface == former.Interface) ? null : former;
    }

    private NetworkDefinition NewDefault(IReadOnlyList<NetworkDefinition> networks)
    {
        // podman's default network often has no file and its bridge may not be up: its subnet is kept free nevertheless.
        var used = networks.SelectMany(n => n.Subnets.Select(s => s.Network)).Concat(HostNetworks.Read())
            .Append(PodmanSubnet).ToList();
        var chosen = SubnetChooser.Choose(used, settings.SubnetPools);
        // CNI's address book is for all.
        var subnet = settings.UsesCni ? new NetworkSubnet(chosen, AddressMath.Add(chosen.BaseAddress, 1)) : SubnetChooser.Share(chosen);
        return NetworkFile.NewBridge(DefaultName, IdOf(DefaultName), NetworkMaker.FreeBridge(networks), subnet, DateTimeOffset.UtcNow);
    }

    /// <summary>A network's id: fixed by its name, as podman's default network has it.</summary>
    internal static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private string PathOf(string name) => !settings.UsesCni ? Path.Combine(settings.ConfigDirectory, name + ".json")
        : CniFiles().FirstOrDefault(file => file.Network.Name == name).Path ?? Path.Combine(settings.ConfigDirectory, name + CniExtension);

    private static NetworkDefinition Own(NetworkDefinition network) => network.IsOwn ? network : throw new ContainerEngineException(
        ErrorKind.Unsupported, "ForeignNetwork", $"the network \"{network.Name}\" was made by another engine", network.Name,
        $"remove it there (podman network rm {network.Name}); podsharp then makes its own");

    private static ContainerEngineException Foreign(string name, string reason) => new(ErrorKind.Unsupported, "ForeignNetwork",
        $"the network \"{name}\" belongs to podman: {reason}", name,
        $"use the network \"{DefaultName}\" or one of podsharp network create, which podman's containers can join, too; or one for which podman has a range (podman network create --ip-range)");

    // podman's rule for names; it keeps paths inside the directory.
    internal static bool IsValidName(string name) => name.Length > 0 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
