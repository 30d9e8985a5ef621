using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Reads what stands behind <c>RUN --mount=</c>: <c>type=KIND,option[=value],...</c>.</summary>
internal sealed class RunMountReader(string text)
{
    private readonly List<(string Name, string? Value)> _options = [.. text.Split(',').Select(Split)];

    /// <summary>Reads it.</summary>
    internal RunMount Read()
    {
        var kind = Kind();
        var mount = new RunMount { Kind = kind, Writable = kind is RunMountKind.Cache or RunMountKind.Tmpfs };
        foreach (var (name, value) in _options)
            mount = name is "type" or "consistency" ? mount : Apply(mount, name, value) ?? throw Unknown(kind, name);
        return Complete(mount);
    }

    private RunMountKind Kind() => _options.FindLast(option => option.Name == "type").Value switch
    {
        null or "bind" => RunMountKind.Bind,
        "cache" => RunMountKind.Cache,
        "tmpfs" => RunMountKind.Tmpfs,
        "secret" => RunMountKind.Secret,
        "ssh" => RunMountKind.Ssh,
        var other => throw Error($"the type \"{other}\" is not known", "there are bind, cache, tmpfs, secret and ssh"),
    };

    // Null for an option that the kind doesn't have.
    private RunMount? Apply(RunMount mount, string name, string? value) => mount.Kind switch
    {
        _ when name is "target" or "dst" or "destination" => mount with { Target = Text(name, value) },
        RunMountKind.Bind => Place(mount, name, value) ?? Bind(mount, name, value),
        RunMountKind.Cache => Place(mount, name, value) ?? Owner(mount, name, value) ?? Cache(mount, name, value),
        RunMountKind.Tmpfs => Tmpfs(mount, name, value),
        RunMountKind.Secret when name == "env" => mount with { Environment = Text(name, value) },
        _ => Owner(mount, name, value) ?? name switch
        {
            "id" => mount with { Id = Text(name, value) },
            "required" => mount with { Required = Flag(name, value) },
            _ => null,
        },
    };

    private RunMount? Place(RunMount mount, string name, string? value) => name switch
    {
        "from" => mount with { From = Text(name, value) },
        "src" or "source" => mount with { Source = Text(name, value) },
        "rw" or "readwrite" => mount with { Writable = Flag(name, value) },
        "ro" or "readonly" => mount with { Writable = !Flag(name, value) },
        "z" when Flag(name, value) => mount with { Relabel = "shared" },
        "Z" when Flag(name, value) => mount with { Relabel = "private" },
        "U" => mount with { OwnerShift = Flag(name, value) },
        "nosuid" or "nodev" or "noexec" when Flag(name, value) => mount with { Options = [.. mount.Options, name] },
        "bind-propagation" => mount with { Propagation = Propagation(Text(name, value)) },
        "shared" or "rshared" or "private" or "rprivate" or "slave" or "rslave" when Flag(name, value) => mount with { Propagation = name },
        _ => null,
    };

    private RunMount? Bind(RunMount mount, string name, string? value) => name switch
    {
        "relabel" => mount with { Relabel = value is "shared" or "private" ? value : throw Error($"relabel={value} is not known", "it is shared or private") },
        "bind-nonrecursive" => mount with { NonRecursive = Flag(name, value) },
        "no-dereference" => mount with { NoDereference = Flag(name, value) },
        _ => null,
    };

    private RunMount? Cache(RunMount mount, string name, string? value) => name switch
    {
        "id" => mount with { Id = Text(name, value) },
        "sharing" => mount with
        {
            Sharing = value switch
            {
                "shared" => CacheSharing.Shared,
                "private" => CacheSharing.Private,
                "locked" => CacheSharing.Locked,
                _ => throw Error($"sharing={value} is not known", "it is shared, private or locked"),
            },
        },
        _ => null,
    };

    private RunMount? Tmpfs(RunMount mount, string name, string? value) => name switch
    {
        "tmpfs-size" or "size" => mount with { TmpfsSize = ByteSize.Parse(Text(name, value)) },
        "tmpfs-mode" => mount with { Mode = Octal(name, value) },
        "tmpcopyup" => mount with { CopyUp = Flag(name, value) },
        "ro" or "readonly" => mount with { Writable = !Flag(name, value) },
        "nosuid" or "nodev" or "noexec" when Flag(name, value) => mount with { Options = [.. mount.Options, name] },
        _ => null,
    };

    private RunMount? Owner(RunMount mount, string name, string? value) => name switch
    {
        "mode" => mount with { Mode = Octal(name, value) },
        "uid" => mount with { UserId = Number(name, value) },
        "gid" => mount with { GroupId = Number(name, value) },
        _ => null,
    };

    private RunMount Complete(RunMount mount)
    {
        switch (mount.Kind)
        {
            case RunMountKind.Secret:
                var id = mount.Id ?? (mount.Target is { } target ? target[(target.LastIndexOf('/') + 1)..] : "");
                if (id.Length == 0)
                    throw Error("a secret needs an id", "write type=secret,id=NAME");
                return mount with { Id = id, Target = mount.Target ?? (mount.Environment is null ? $"/run/secrets/{id}" : null) };
            case RunMountKind.Ssh:
                return mount with { Id = mount.Id ?? "default" };
            default:
                return mount.Target is not null ? mount : throw Error("it has no target", "write target=PATH");
        }
    }

    private string Text(string name, string? value) => value is { Length: > 0 } ? value : throw Error($"{name} has no value", $"write {name}=VALUE");

    private bool Flag(string name, string? value) => value is null || (bool.TryParse(value, out var isOn) ? isOn
        : value is "1" || (value is "0" ? false : throw Error($"{name}={value} is not true or false")));

    private uint Octal(string name, string? value)
    {
        var digits = Text(name, value);
        return digits.Length <= 6 && digits.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0 ? Convert.ToUInt32(digits, 8)
            : throw Error($"{name}={value} is not an octal mode", $"write {name}=0755");
    }

    private uint Number(string name, string? value) => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Error($"{name}={value} is not a number");

    private string Propagation(string value) => value is "shared" or "rshared" or "private" or "rprivate" or "slave" or "rslave" ? value
        : throw Error($"bind-propagation={value} is not known", "it is private, shared or slave, each with an r before it or without");

    private ContainerEngineException Unknown(RunMountKind kind, string name)
    {
        const string place = "target, source, from, rw, ro, z, Z, U, bind-propagation, nosuid, nodev, noexec";
        return Error($"a mount of type {kind.ToString().ToLowerInvariant()} has no option \"{name}\"", "there are " + kind switch
        {
            RunMountKind.Bind => $"{place}, relabel, bind-nonrecursive and no-dereference",
            RunMountKind.Cache => $"{place}, id, sharing, mode, uid and gid",
            RunMountKind.Tmpfs => "target, tmpfs-size, tmpfs-mode, tmpcopyup, ro, nosuid, nodev and noexec",
            RunMountKind.Secret => "id, target, env, required, mode, uid and gid",
            _ => "id, target, required, mode, uid and gid",
        });
    }

    private static (string, string?) Split(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (option.Trim(), null) : (option[..equals].Trim(), option[(equals + 1)..]);
    }

    private ContainerEngineException Error(string problem, string? remedy = null) =>
        new(ErrorKind.InvalidArgument, "InvalidRunMount", $"the mount \"{text}\" is not valid: {problem}", text, remedy);
}
