using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>Decides the user namespaces of containers, by podman's rules, and finds ids for them that nobody else has.</summary>
internal sealed class UserNamespacePlanner(EngineParts parts)
{
    // The user whose ranges containers/storage gives away.
    private const string AutomaticUser = "containers";
    private const uint LeastSize = 1024;
    private const uint GreatestSize = 65536;

    /// <summary>Decides; ids for an automatic one are found by <see cref="Reserve"/>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, Unsupported, NotFound.</exception>
    internal UserNamespacePlan Plan(ContainerSpec spec, string? topLayer)
    {
        var request = UserNamespaceRequest.Parse(spec.UserNamespace is { Length: > 0 } text ? text
            : HasMaps(spec) ? "" : parts.Environment.Variable("PODMAN_USERNS") ?? parts.Conf.Containers.UserNamespace ?? "");
        if (HasMaps(spec) && request.Mode is not ("" or "private"))
            throw EngineErrors.InvalidArgument($"--userns={request.Mode} can't be used with maps of ids or names for them (--uidmap, --gidmap, --subuidname, --subgidname)", request.Mode, "leave one of them out");
        return request.Mode switch
        {
            "" or "private" when HasMaps(spec) => Mapped(spec),
            "private" => throw EngineErrors.InvalidArgument("--userns=private requires uid and gid maps", "private", "give --uidmap, or use --userns=auto"),
            "auto" => Automatic(request, spec, topLayer),
            "keep-id" => KeepId(request),
            "nomap" => NoMap(),
            "ns" => AtPath(request.Target),
            "container" => OfContainer(request.Target),
            _ => new(),
        };
    }

    /// <summary>Finds the ids of an automatic namespace. They are the container's once its record is in the store: until then the lock is held.</summary>
    /// <exception cref="ContainerEngineException">There aren't enough (InvalidState).</exception>
    internal (FileLock? Held, IReadOnlyList<IdMapping> UserMap, IReadOnlyList<IdMapping> GroupMap) Reserve(UserNamespacePlan plan, CancellationToken cancellationToken)
    {
        if (plan.AutomaticSize == 0)
            return (null, plan.UserMap, plan.GroupMap);
        // containers/storage's own lock, which podman takes for the same.
        var held = FileLock.Acquire(parts.StorageConfiguration.GraphRoot + "/userns.lock", LockMode.Exclusive, cancellationToken);
        try
        {
            var containers = parts.Storage.ListContainers();
            return (held, Find("uid", parts.Host.UserMap, plan.UserMap, containers.SelectMany(container => container.UserMap)),
                Find("gid", parts.Host.GroupMap, plan.GroupMap, containers.SelectMany(container => container.GroupMap)));
        }
        catch
        {
            held.Dispose();
            throw;
        }

        IReadOnlyList<IdMapping> Find(string kind, IReadOnlyList<IdMapping> own, IReadOnlyList<IdMapping> given, IEnumerable<IdMapping> used)
        {
            // An ordinary user's are those of the user's namespace, but for the user.
            var all = parts.Host.IsRootless ? IdRanges.Without([.. own.Select(range => new IdRange(range.Inside, range.Count))], [new IdRange(0, 1)])
                : SubordinateIds.Read(kind, AutomaticUser);
            var free = IdRanges.Without(all, used.Select(range => new IdRange(range.Outside, range.Count)));
            return IdRanges.Allocate(plan.AutomaticSize, free, given) ?? throw new ContainerEngineException(ErrorKind.InvalidState, "SubordinateIdsExhausted",
                $"not enough unused IDs in user namespace: {plan.AutomaticSize} {kind}s are needed", AutomaticUser, "remove containers with --userns=auto, ask for fewer (--userns=auto:size=N), or give more in /etc/sub" + kind);
        }
    }

    /// <summary>Makes what a start needs of a container's own user namespace: with the network namespace that is to belong to it, where the engine makes that.
    /// null for one that is not its own, or that is left to the runtime.</summary>
    internal UserNamespace? Open(ContainerConfig config) => config is { UserNamespace.Kind: NamespaceKind.Private, OwnNetworkNamespace: true }
        ? UserNamespace.Create(IdMapping.ToText(config.UserIdMap), IdMapping.ToText(config.GroupIdMap), network: true) : null;

    /// <summary>The path of a container's user namespace, for the runtime; null where there is none to join.</summary>
    internal string? PathOf(ContainerConfig config, UserNamespace? opened) => config.UserNamespace.Kind switch
    {
        NamespaceKind.Path => config.UserNamespace.Target,
        NamespaceKind.Container => string.Create(CultureInfo.InvariantCulture, $"/proc/{parts.Bundles.RunningPeer(config.UserNamespace.Target!, "user").Pid}/ns/user"),
        _ => opened?.Path,
    };

    /// <summary>Whether a user namespace is asked for.</summary>
    internal static bool IsGiven(ContainerSpec spec) => spec.UserNamespace is { Length: > 0 } || HasMaps(spec);

    private static bool HasMaps(ContainerSpec spec) => spec.UserMap.Count > 0 || spec.GroupMap.Count > 0 || spec.SubUserName is { Length: > 0 } || spec.SubGroupName is { Length: > 0 };

    private IdMapParser Parser(string what) => new(what, what == "UID" ? parts.Host.UserMap : parts.Host.GroupMap, parts.Host.IsRootless);

    // What is given of the one holds for the other where nothing is given of that.
    private UserNamespacePlan Mapped(ContainerSpec spec)
    {
        var users = spec.UserMap.Count > 0 ? spec.UserMap : spec.GroupMap;
        var groups = spec.GroupMap.Count > 0 ? spec.GroupMap : spec.UserMap;
        var subUser = spec.SubUserName is { Length: > 0 } user ? user : spec.SubGroupName;
        var subGroup = spec.SubGroupName is { Length: > 0 } group ? group : spec.SubUserName;
        var userMap = Parser("UID").Parse([.. users.Where(text => IdMapParser.IsFor('u', text))]);
        var groupMap = Parser("GID").Parse([.. groups.Where(text => IdMapParser.IsFor('g', text))]);
        if (subUser is { Length: > 0 } && (userMap.Count > 0 || groupMap.Count > 0))
            throw EngineErrors.InvalidArgument("ids can't be mapped by number and by name at once", subUser, "leave --uidmap and --gidmap out, or --subuidname and --subgidname");
        if (subUser is { Length: > 0 } && parts.Host.IsRootless)
            throw EngineErrors.Unsupported("ids of other users can't be mapped by an ordinary user", subUser, "leave --subuidname and --subgidname out");
        return Checked(new()
        {
            Mode = new(NamespaceKind.Private),
            UserMap = subUser is { Length: > 0 } ? SubordinateIds.ToMap(SubordinateIds.Read("uid", subUser)) : userMap,
            GroupMap = subGroup is { Length: > 0 } ? SubordinateIds.ToMap(SubordinateIds.Read("gid", subGroup)) : groupMap,
        });
    }

    // The runtime works as the container's root; and ids that this process hasn't got can't be given.
    private UserNamespacePlan Checked(UserNamespacePlan plan)
    {
        if (IdMapping.ToOutside(plan.UserMap, 0) is null || plan.UserMap.Count == 0 || IdMapping.ToOutside(plan.GroupMap, 0) is null || plan.GroupMap.Count == 0)
            throw EngineErrors.InvalidArgument("the container's root is not mapped: a user namespace needs ids for user 0 and group 0", null, "map 0, for example --uidmap 0:100000:65536");
        foreach (var (map, own) in new[] { (plan.UserMap, parts.Host.UserMap), (plan.GroupMap, parts.Host.GroupMap) })
        {
            foreach (var range in map)
            {
                if (IdRanges.Without([new IdRange(range.Outside, range.Count)], own.Select(range => new IdRange(range.Inside, range.Count))).FirstOrDefault() is { } missing)
                    throw EngineErrors.InvalidArgument($"the id {missing.Start} can't be mapped: it is not among the ids of this user", range.ToString(), "map ids that this user has (/etc/subuid, /etc/subgid)");
            }
        }
        return plan;
    }

    private UserNamespacePlan Automatic(UserNamespaceRequest request, ContainerSpec spec, string? topLayer)
    {
        var size = request.Size ?? NeededSize(spec, topLayer);
        if (size is 0 or > int.MaxValue)
            throw EngineErrors.InvalidArgument($"a user namespace of {size} ids can't be made", "size", "give a size from 1 on");
        return new()
        {
            Mode = new(NamespaceKind.Private),
            UserMap = Parser("UID").Parse(request.UserMap),
            GroupMap = Parser("GID").Parse(request.GroupMap),
            AutomaticSize = size,
        };
    }

    // As containers/storage: for all users and groups of the image, but for nobody, and for the user that is asked for.
    private uint NeededSize(ContainerSpec spec, string? topLayer)
    {
        var highest = (spec.User ?? "").Split(':').Select(word => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id + 1 : 0).Max();
        var chain = topLayer is null ? [] : parts.Storage.GetLayerChain(topLayer);
        foreach (var (file, skipped) in new[] { ("etc/passwd", "nobody"), ("etc/group", "nogroup") })
        {
            foreach (var line in FirstText(chain, file).Split('\n').Select(line => line.Split(':')))
            {
                if (line.Length > 2 && line[0] is not "nobody" && line[0] != skipped && uint.TryParse(line[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                    highest = Math.Max(highest, id + 1);
            }
        }
        return highest <= LeastSize ? LeastSize : highest <= GreatestSize ? highest
            : throw EngineErrors.InvalidArgument($"the container needs a user namespace with size {highest} that is bigger than the maximum value allowed with userns=auto {GreatestSize}", "auto", "give a size: --userns=auto:size=N");
    }

    private static string FirstText(IReadOnlyList<StoredLayer> chain, string file)
    {
        foreach (var layer in chain)
        {
            using var root = Files.Open(layer.DirectoryPath + "/diff", OpenFlags.Path | OpenFlags.Directory);
            if (UserLookup.ReadConfined(root, file) is { Length: > 0 } text)
                return text;
        }
        return "";
    }

    // Root is who it is anyway. A user is the user inside, too, and the other ids follow around.
    private UserNamespacePlan KeepId(UserNamespaceRequest request)
    {
        if (!parts.Host.IsRootless)
            return new();
        var outsideUser = parts.Host.OutsideUserId;
        var outsideGroup = IdMapping.ToOutside(parts.Host.GroupMap, 0) ?? outsideUser;
        var (user, group) = (request.UserId ?? outsideUser, request.GroupId ?? outsideGroup);
        return Checked(new()
        {
            Mode = new(NamespaceKind.Private),
            UserMap = Around(user, parts.Host.UserMap, request.Size),
            GroupMap = Around(group, parts.Host.GroupMap, request.Size),
            User = string.Create(CultureInfo.InvariantCulture, $"{user}:{group}"),
        });
    }

    private static IReadOnlyList<IdMapping> Around(uint kept, IReadOnlyList<IdMapping> own, uint? size)
    {
        var last = own.Max(range => range.Inside + range.Count);
        var end = Math.Min(last, size ?? last);
        var map = new List<IdMapping>();
        var below = Math.Min(kept, end > 0 ? end - 1 : 0);
        if (below > 0)
            map.Add(new IdMapping(0, 1, below));
        map.Add(new IdMapping(kept, 0, 1));
        if (end > kept + 1)
            map.Add(new IdMapping(kept + 1, kept + 1, end - kept - 1));
        return map;
    }

    private UserNamespacePlan NoMap()
    {
        if (!parts.Host.IsRootless)
            throw EngineErrors.Unsupported("nomap is only supported in rootless mode", "nomap", "use --userns=auto");
        return Checked(new()
        {
            Mode = new(NamespaceKind.Private),
            UserMap = [.. WithoutOwn(parts.Host.UserMap)],
            GroupMap = [.. WithoutOwn(parts.Host.GroupMap)],
        });
    }

    private static IReadOnlyList<IdMapping> WithoutOwn(IReadOnlyList<IdMapping> own) =>
        SubordinateIds.ToMap(IdRanges.Without([.. own.Select(range => new IdRange(range.Inside, range.Count))], [new IdRange(0, 1)]));

    private UserNamespacePlan OfContainer(string name)
    {
        var other = parts.Containers.Get(parts.Containers.Resolve(name)).Config;
        return other.UserNamespace.Kind switch
        {
            NamespaceKind.Host => new(),
            NamespaceKind.Path => new() { Mode = other.UserNamespace, UserMap = other.UserIdMap, GroupMap = other.GroupIdMap },
            // That of a container that shares another's is the other's.
            NamespaceKind.Container => OfContainer(other.UserNamespace.Target!),
            _ => new() { Mode = new(NamespaceKind.Container, other.Id), UserMap = other.UserIdMap, GroupMap = other.GroupIdMap },
        };
    }

    private static UserNamespacePlan AtPath(string path)
    {
        if (Files.TryStatus(path) is null)
            throw new ContainerEngineException(ErrorKind.NotFound, "NamespaceNotFound", $"there is no user namespace at {path}: no such file or directory", path, "correct the path");
        var (users, groups) = NamespaceMaps.Read(path);
        return new() { Mode = new(NamespaceKind.Path, path), UserMap = users, GroupMap = groups };
    }
}
