namespace Podsharp.Model;

/// <summary>Reads mounts as <c>--volume</c>, <c>--mount</c> and <c>--tmpfs</c> take them.</summary>
public static class MountParser
{
    private static readonly string[] CommonOptions =
    [
        "ro", "rw", "exec", "noexec", "dev", "nodev", "suid", "nosuid", "bind", "rbind", "shared", "rshared", "slave", "rslave", "private",
        "rprivate", "unbindable", "runbindable", "z", "Z", "U", "no-dereference", "copy", "nocopy", "sync", "async", "relatime", "noatime", "strictatime",
    ];

    /// <summary>Reads <c>[SOURCE:]TARGET[:OPTIONS]</c>. A source that begins with / or . is a path of the host, any other a volume's name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="baseDirectory">What a relative path is relative to.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument, or Unsupported for options that aren't built yet.</exception>
    public static ContainerMount ParseVolume(string text, string baseDirectory)
    {
        var parts = SplitColons(text);
        if (parts.Count is < 1 or > 3 || parts.Any(p => p.Length == 0))
            throw Invalid(text, "write it as SOURCE:TARGET or SOURCE:TARGET:OPTIONS");
        if (parts.Count == 1)
            return new() { Type = MountType.Volume, Target = Target(parts[0], text) };
        var options = new List<string>();
        foreach (var option in parts.Count > 2 ? parts[2].Split(',') : [])
            AddOption(options, option, text);
        return WithSource(parts[0], baseDirectory, text) with { Target = Target(parts[1], text), Options = options };
    }

    /// <summary>Reads <c>TARGET[:OPTIONS]</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static ContainerMount ParseTmpfs(string text)
    {
        var colon = text.IndexOf(':');
        var options = colon < 0 ? [] : text[(colon + 1)..].Split(',').Where(o => o.Length > 0).ToArray();
        foreach (var option in options)
            CheckTmpfsOption(option, text);
        return new() { Type = MountType.Tmpfs, Target = Target(colon < 0 ? text : text[..colon], text), Options = options };
    }

    /// <summary>Reads <c>type=bind|volume|tmpfs|ramfs|devpts|image|glob|artifact,source=...,target=...[,OPTION...]</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, or Unsupported for types and options that aren't built yet.</exception>
    public static ContainerMount ParseMount(string text, string baseDirectory)
    {
        var fields = OptionText.SplitCommas(text).Select(f => f.Split('=', 2)).ToList();
        var type = fields.LastOrDefault(f => f[0] == "type") is { Length: 2 } given ? given[1] : "volume";
        if (type is not ("bind" or "volume" or "tmpfs" or "ramfs" or "devpts" or "image" or "glob" or "artifact"))
        {
            throw type is "npipe" or "cluster"
                ? EngineErrors.Unsupported($"mounts of type {type} are not supported", text, "use artifact, bind, devpts, glob, image, ramfs, tmpfs or volume")
                : Invalid(text, $"\"{type}\" is not a mount type: use artifact, bind, devpts, glob, image, ramfs, tmpfs or volume");
        }
        var mount = new MountFields(text, type);
        foreach (var field in fields)
            mount.Read(field[0], field.Length > 1 ? field[1] : null);
        return mount.Build(baseDirectory);
    }

    /// <summary>Gathers the fields of one <c>--mount</c>.</summary>
    private sealed class MountFields(string text, string type)
    {
        private readonly List<string> options = [];
        private string? source;
        private string? target;
        private string? subPath;

        internal void Read(string name, string? value)
        {
            switch (name)
            {
                case "type":
                    break;
                case "source" or "src" when type is not ("tmpfs" or "ramfs" or "devpts"):
                    source = Needed(name, value);
                    break;
                case "target" or "dst" or "dest" or "destination":
                    target = Needed(name, value);
                    break;
                case "title" or "digest" or "name" when type == "artifact":
                    options.Add($"{name}={Needed(name, value)}");
                    break;
                case not ("source" or "src") when type == "artifact":
                    throw Invalid(text, $"{name}: invalid mount option of an artifact, which is always read-only: use title=, digest= and name=");
                case "subpath" or "volume-subpath" when type is "volume" or "image":
                    subPath = Needed(name, value);
                    break;
                case "ro" or "readonly":
                    options.Add(IsTrue(name, value) ? "ro" : "rw");
                    break;
                case "rw":
                    options.Add(IsTrue(name, value) ? "rw" : "ro");
                    break;
                case "U" or "chown":
                    if (IsTrue(name, value))
                        options.Add("U");
                    break;
                case "uid" or "gid" or "mode" or "ptmxmode" or "max" when type == "devpts":
                    options.Add($"{name}={Needed(name, value)}");
                    break;
                case "newinstance" when type == "devpts":
                    options.Add(name);
                    break;
                case "tmpfs-size" or "tmpfs-mode" when type is "tmpfs" or "ramfs":
                    ReadTmpfs(name[6..] + "=" + Needed(name, value));
                    break;
                case "volume-nocopy" when type == "volume":
                    if (IsTrue(name, value))
                        options.Add("nocopy");
                    break;
                case "bind-propagation" when type == "bind":
                    AddOption(options, Needed(name, value), text);
                    break;
                case "bind-nonrecursive" when type == "bind":
                    options.Add(IsTrue(name, value) ? "bind" : "rbind");
                    break;
                case "relabel":
                    options.Add(value switch { "shared" => "z", "private" => "Z", _ => throw Invalid(text, "relabel is shared or private") });
                    break;
                case "consistency":
                    break;
                default:
                    ReadOther(name, value);
                    break;
            }
        }

        private void ReadOther(string name, string? value)
        {
            if (type == "volume" && name is "volume-label" or "volume-opt" or "volume-driver")
            {
                options.Add($"{name}={Needed(name, value)}");
                return;
            }
            var option = value is null ? name : $"{name}={value}";
            if (type is "tmpfs" or "ramfs")
                ReadTmpfs(option);
            else
                AddOption(options, option, text);
        }

        private void ReadTmpfs(string option)
        {
            CheckTmpfsOption(option, text);
            options.Add(option);
        }

        internal ContainerMount Build(string baseDirectory)
        {
            if (type == "glob")
                return Glob(baseDirectory);
            if (target is null)
                throw Invalid(text, "give it a target=PATH");
            var path = Target(target, text);
            switch (type)
            {
                case "tmpfs" or "ramfs" or "devpts":
                    return new() { Type = type == "tmpfs" ? MountType.Tmpfs : type == "ramfs" ? MountType.Ramfs : MountType.Devpts, Target = path, Options = options };
                case "artifact":
                    return new() { Type = MountType.Artifact, Source = source ?? throw Invalid(text, "give it a source=ARTIFACT"), Target = path, Options = options };
                case "image":
                    return new() { Type = MountType.Image, Source = source ?? throw Invalid(text, "give it a source=IMAGE"), Target = path, Options = options, SubPath = subPath };
            }
            if (type == "bind")
            {
                // As podman: without a source it is the same place on the host.
                return new() { Type = MountType.Bind, Source = FullPath(source ?? path, baseDirectory), Target = path, Options = options };
            }
            if (source is not null && !IsVolumeName(source))
                throw Invalid(text, $"\"{source}\" is not a volume's name: for a path use type=bind");
            return new() { Type = MountType.Volume, Source = source ?? "", Target = path, Options = options, SubPath = subPath };
        }

        private ContainerMount Glob(string baseDirectory) => new()
        {
            Type = MountType.Glob,
            Source = FullPath(source ?? throw Invalid(text, "give it a source=PATTERN"), baseDirectory),
            Target = target is null ? "" : Target(target, text),
            Options = options,
        };

        private string Needed(string name, string? value) => value is { Length: > 0 } ? value : throw Invalid(text, $"{name} needs a value");

        private bool IsTrue(string name, string? value)
        {
            if (value is null)
                return true;
            return OptionText.TryParseFlag(value, out var flag) ? flag : throw Invalid(text, $"{name} is true or false");
        }
    }

    private static ContainerMount WithSource(string source, string baseDirectory, string text)
    {
        if (source[0] is '/' or '.' or '~')
            return new() { Type = MountType.Bind, Source = FullPath(source, baseDirectory), Target = "" };
        return IsVolumeName(source) ? new() { Type = MountType.Volume, Source = source, Target = "" }
            : throw Invalid(text, $"\"{source}\" is neither a path (begin it with / or ./) nor a volume's name ([a-zA-Z0-9][a-zA-Z0-9_.-]*)");
    }

    private static void AddOption(List<string> options, string option, string text)
    {
        if (option.Length == 0 || option is "consistent" or "cached" or "delegated")
            return;
        if (option is "O" or "idmap" || option.StartsWith("idmap=", StringComparison.Ordinal) || option.StartsWith("upperdir=", StringComparison.Ordinal) || option.StartsWith("workdir=", StringComparison.Ordinal))
        {
            options.Add(option);
            return;
        }
        if (!CommonOptions.Contains(option))
            throw Invalid(text, $"\"{option}\" is not a mount option");
        options.Add(option);
    }

    private static void CheckTmpfsOption(string option, string text)
    {
        var name = option.Split('=', 2)[0];
        if (!CommonOptions.Contains(name) && name is not ("size" or "mode" or "uid" or "gid" or "nr_inodes" or "nr_blocks" or "mpol" or "huge"
            or "tmpcopyup" or "notmpcopyup" or "noswap" or "inode32" or "inode64"))
            throw Invalid(text, $"\"{option}\" is not an option of a tmpfs");
    }

    private static string Target(string path, string text) => path.StartsWith('/') ? path
        : throw Invalid(text, $"the path in the container, \"{path}\", must begin with /");

    private static string FullPath(string path, string baseDirectory) => Path.GetFullPath(path, baseDirectory);

    private static bool IsVolumeName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>Splits at colons; <c>\:</c> is a colon in a path.</summary>
    private static List<string> SplitColons(string text)
    {
        var parts = new List<string>();
        var part = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == ':')
                part.Append(text[++i]);
            else if (text[i] == ':')
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
                part.Append(text[i]);
        }
        parts.Add(part.ToString());
        return parts;
    }

    private static ContainerEngineException Invalid(string text, string remedy) =>
        EngineErrors.InvalidArgument($"invalid mount \"{text}\"", text, remedy);
}
