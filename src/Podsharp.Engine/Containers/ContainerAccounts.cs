using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Entries of /etc/passwd and /etc/group for users whom the image doesn't know, as podman makes them: programs ask for their
/// user's name and home. A root that can be written gets them appended; a read-only one gets files in their place.</summary>
internal sealed class ContainerAccounts(EngineParts parts)
{
    private const uint PublicFile = 0x1A4; // 0644
    private const uint PrivateDirectory = 0x1C0; // 0700

    /// <summary>Makes the entries that are missing. A second start finds those of the first.</summary>
    /// <param name="config">The container.</param>
    /// <param name="root">Its mounted root.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for a user the host doesn't know, or a group the container doesn't.</exception>
    public void Add(ContainerConfig config, string root)
    {
        _ = Files.TryRemove(FilePath(config.Id, "passwd"));
        _ = Files.TryRemove(FilePath(config.Id, "group"));
        if (!config.Spec.Passwd)
            return;
        var known = UserLookup.Open(root);
        Write(config, root, "passwd", known.PasswdText, HostUsers(config, known) + OwnUser(config, known));
        Write(config, root, "group", known.GroupText, OwnGroup(config, known));
    }

    /// <summary>The container's user, looked up in its own files.</summary>
    public ResolvedUser ResolveUser(ContainerConfig config, string root)
    {
        var user = Lookup(config.Id, root).Resolve(UserOf(config), config.Spec.Groups);
        // As podman: a file that is closed to the group of the process is not opened by leaving that group out (CVE-2022-2989).
        return UserOf(config).Length == 0 ? user : user with { AdditionalGroups = UserLookup.With(user.AdditionalGroups, user.GroupId) };
    }

    /// <summary>The file in place of a read-only root's /etc/passwd, or null.</summary>
    public string? PasswdPath(string id) => Existing(FilePath(id, "passwd"));

    /// <summary>The file in place of a read-only root's /etc/group, or null.</summary>
    public string? GroupPath(string id) => Existing(FilePath(id, "group"));

    private UserLookup Lookup(string id, string root)
    {
        var known = UserLookup.Open(root);
        return PasswdPath(id) is null && GroupPath(id) is null ? known
            : new UserLookup(Text(PasswdPath(id)) ?? known.PasswdText, Text(GroupPath(id)) ?? known.GroupText);
    }

    private string HostUsers(ContainerConfig config, UserLookup known)
    {
        var lines = new StringBuilder();
        if (config.Spec.HostUsers.Count == 0)
            return "";
        var host = UserLookup.Open("/");
        foreach (var word in config.Spec.HostUsers)
        {
            var user = host.User(word) ?? throw EngineErrors.InvalidArgument($"unknown user {word}: the host has none", word, "name a user of the host's /etc/passwd");
            if (known.User(user[0]) is null && known.User(user[2]) is null)
                lines.Append(PasswdLine(config.Spec, user[0], user[2], user[3], FullName(user), Home(config, user[5])));
        }
        return lines.ToString();
    }

    // A user with a name was found in the image, or there will be no container; one with a number may be unknown to it.
    private string OwnUser(ContainerConfig config, UserLookup known)
    {
        var words = UserOf(config).Split(':', 2);
        if (!IsNumber(words[0]) || known.User(words[0]) is not null)
            return "";
        var group = words.Length < 2 || words[1].Length == 0 ? "0" : IsNumber(words[1]) ? words[1] : known.Group(words[1])?[2]
            ?? throw EngineErrors.InvalidArgument($"unable to find group {words[1]}: no matching entries in group file", words[1], "use a group of the image, or a number");
        // podman's custom line is about the number only; its own takes the host's name for the number.
        var user = config.Spec.PasswdEntry is null ? UserLookup.Open("/").User(words[0]) : null;
        return PasswdLine(config.Spec, user?[0] ?? words[0], words[0], group, user is null ? "container user" : FullName(user), WorkingDirectory(config));
    }

    private static string OwnGroup(ContainerConfig config, UserLookup known)
    {
        var words = UserOf(config).Split(':', 2);
        if (words.Length < 2 || !IsNumber(words[1]) || known.Group(words[1]) is not null)
            return "";
        return config.Spec.GroupEntry is not { } entry ? $"{words[1]}:x:{words[1]}:{words[0]}\n"
            : entry.Replace("$GROUPNAME", words[1], StringComparison.Ordinal).Replace("$GID", words[1], StringComparison.Ordinal)
                .Replace("$USERLIST", words[0], StringComparison.Ordinal) + "\n";
    }

    private static string PasswdLine(ContainerSpec spec, string name, string user, string group, string fullName, string home) =>
        spec.PasswdEntry is not { } entry ? $"{name}:*:{user}:{group}:{fullName}:{home}:/bin/sh\n"
            : entry.Replace("$USERNAME", name, StringComparison.Ordinal).Replace("$UID", user, StringComparison.Ordinal)
                .Replace("$GID", group, StringComparison.Ordinal).Replace("$NAME", fullName, StringComparison.Ordinal)
                .Replace("$HOME", home, StringComparison.Ordinal) + "\n";

    /// <summary>A home of the host is one of the container only where it is mounted there.</summary>
    private string Home(ContainerConfig config, string home)
    {
        for (var directory = home; directory is { Length: > 1 }; directory = Path.GetDirectoryName(directory))
        {
            if (config.Mounts.Any(mount => mount.Target == directory))
                return home;
        }
        return WorkingDirectory(config);
    }

    private void Write(ContainerConfig config, string root, string name, string present, string lines)
    {
        var path = "/etc/" + name;
        // What a user mounts there is the user's.
        if (lines.Length == 0 || config.Mounts.Any(mount => mount.Target == path))
            return;
        if (config.Spec.ReadOnly || parts.Conf.Containers.ReadOnly)
        {
            Files.MakeDirectories(parts.Storage.RunDirectory(config.Id), PrivateDirectory);
            Files.Replace(FilePath(config.Id, name), Encoding.UTF8.GetBytes(Whole(present) + lines), PublicFile, durable: false);
            return;
        }
        using var directory = Files.Open(root, OpenFlags.Path | OpenFlags.Directory);
        // An image may have put a device of the host there, or a fifo: neither is opened, let alone written to.
        if (!IsFileOrFree(directory, path[1..]))
            return;
        // A root without /etc has no programs that would look there.
        if (Files.TryOpenConfined(directory, path[1..], OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append | OpenFlags.NonBlocking,
            ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, PublicFile, out var file) != Errno.None || file is null)
            return;
        using (file)
        {
            if (!Files.Status(file).IsRegular)
                return;
            if (present.Length == 0)
            {
                Files.ChangeMode(file, PublicFile);
                var (user, group) = config.OnHost(0, 0);
                LinuxError.Check(Files.TryChangeOwner(file, user, group), "change the owner of", path);
            }
            Descriptors.Write(file, Encoding.UTF8.GetBytes((present.Length == 0 || present[^1] == '\n' ? "" : "\n") + lines));
        }
    }

    private static bool IsFileOrFree(SafeFileHandle root, string path)
    {
        var errno = Files.TryOpenConfined(root, path, OpenFlags.Path, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var place);
        if (errno != Errno.None || place is null)
            return errno == Errno.NoEntry;
        using (place)
            return Files.Status(place).IsRegular;
    }

    private static string Whole(string text) => text.Length == 0 || text[^1] == '\n' ? text : text + "\n";

    private string WorkingDirectory(ContainerConfig config) => parts.Specs.Preview(config).WorkingDirectory;

    private static string UserOf(ContainerConfig config) => config.Spec.User ?? config.ImageConfig.User;

    // The first part of the comment field (passwd(5)).
    private static string FullName(string[] user) => user[4].Split(',')[0];

    private static bool IsNumber(string word) => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue;

    private string FilePath(string id, string name) => Path.Combine(parts.Storage.RunDirectory(id), name);

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private static string? Text(string? path) => path is not null && Files.TryReadAll(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
