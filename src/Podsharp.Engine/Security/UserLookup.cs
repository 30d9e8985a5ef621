using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>Looks users and groups up in a container's own /etc/passwd and /etc/group (passwd(5), group(5)). The files are opened
/// confined to its root: an absolute symbolic link of an image does not lead to the host's.</summary>
internal sealed class UserLookup
{
    private readonly IReadOnlyList<string[]> users;
    private readonly IReadOnlyList<string[]> groups;

    /// <summary>Uses the given file contents.</summary>
    internal UserLookup(string passwd, string group)
    {
        (PasswdText, GroupText) = (passwd, group);
        users = Parse(passwd, 7);
        groups = Parse(group, 4);
    }

    /// <summary>The content of /etc/passwd.</summary>
    internal string PasswdText { get; }

    /// <summary>The content of /etc/group.</summary>
    internal string GroupText { get; }

    /// <summary>The fields of a user's line, by name or number; null where there is none.</summary>
    internal string[]? User(string word) => FindUser(word);

    /// <summary>The fields of a group's line, by name or number; null where there is none.</summary>
    internal string[]? Group(string word) => groups.FirstOrDefault(line => line[0] == word) ?? (TryNumber(word, out _) ? groups.FirstOrDefault(line => line[2] == word) : null);

    /// <summary>Reads a container's files; missing ones are empty.</summary>
    /// <param name="rootPath">The mounted root file system.</param>
    internal static UserLookup Open(string rootPath)
    {
        using var root = Files.Open(rootPath, OpenFlags.Path | OpenFlags.Directory);
        return new UserLookup(ReadConfined(root, "etc/passwd"), ReadConfined(root, "etc/group"));
    }

    /// <summary>Resolves podman's user words: <c>user[:group]</c>, names or numbers; empty is root.</summary>
    /// <param name="text">The words.</param>
    /// <param name="extraGroups">Supplementary groups, names or numbers.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for a name that isn't in the files.</exception>
    internal ResolvedUser Resolve(string? text, IReadOnlyList<string> extraGroups)
    {
        var words = (text ?? "").Split(':', 2);
        var userWord = words[0].Length == 0 ? "0" : words[0];
        var entry = FindUser(userWord);
        var userId = entry is not null ? Number(entry[2], userWord) : TryNumber(userWord, out var number) ? number
            : throw EngineErrors.InvalidArgument($"unable to find user {userWord}: no matching entries in passwd file", userWord,
                "use a user of the image, or a number");
        // A group given in the user's word replaces the membership that /etc/group tells of.
        var explicitGroup = words.Length == 2 && words[1].Length > 0;
        var groupId = explicitGroup ? GroupId(words[1]) : entry is not null ? Number(entry[3], userWord) : 0;
        uint[] additional = [];
        foreach (var line in groups)
        {
            if (!explicitGroup && entry is not null && line[3].Split(',').Contains(entry[0]) && Number(line[2], line[0]) is var id && id != groupId)
                additional = With(additional, id);
        }
        foreach (var word in extraGroups)
            if (word is not "keep-groups" && GroupId(word) is var extra && extra != groupId) additional = With(additional, extra);
        return new ResolvedUser(userId, groupId, additional,
            entry is { } found && found[5].Length > 0 ? found[5] : userId == 0 ? "/root" : "/",
            entry?[0] ?? userId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A set of ids with one more. (Arrays, because no collection of such numbers is compiled ahead of time.)</summary>
    internal static uint[] With(uint[] ids, uint id)
    {
        foreach (var known in ids)
            if (known == id) return ids;
        var more = new uint[ids.Length + 1];
        Array.Copy(ids, more, ids.Length);
        more[^1] = id;
        return more;
    }

    /// <summary>The name of a user id; the number where it has none.</summary>
    internal string UserName(uint id)
    {
        var text = id.ToString(CultureInfo.InvariantCulture);
        return users.FirstOrDefault(line => line[2] == text)?[0] ?? text;
    }

    /// <summary>The name of a group id; the number where it has none.</summary>
    internal string GroupName(uint id)
    {
        var text = id.ToString(CultureInfo.InvariantCulture);
        return groups.FirstOrDefault(line => line[2] == text)?[0] ?? text;
    }

    // A name wins over a number: a user may well be called 1000.
    private string[]? FindUser(string word) =>
        users.FirstOrDefault(line => line[0] == word) ?? (TryNumber(word, out _) ? users.FirstOrDefault(line => line[2] == word) : null);

    private uint GroupId(string word)
    {
        var entry = groups.FirstOrDefault(line => line[0] == word);
        if (entry is not null)
            return Number(entry[2], word);
        return TryNumber(word, out var id) ? id
            : throw EngineErrors.InvalidArgument($"unable to find group {word}: no matching entries in group file", word,
                "use a group of the image, or a number");
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue;

    private static uint Number(string text, string name) => TryNumber(text, out var number) ? number
        : throw EngineErrors.InvalidArgument($"the image's entry for {name} has no valid number", name);

    private static List<string[]> Parse(string text, int fields)
    {
        var lines = new List<string[]>();
        foreach (var line in text.Split('\n'))
        {
            var parts = line.TrimEnd('\r').Split(':');
            if (line.Length == 0 || line[0] == '#' || parts.Length < 3)
                continue;
            if (parts.Length < fields)
            {
                var whole = new string[fields];
                Array.Fill(whole, "");
                parts.CopyTo(whole, 0);
                parts = whole;
            }
            lines.Add(parts);
        }
        return lines;
    }

    /// <summary>The text of a file in a container's root; empty where there is none, or something else or unreasonably long in its place.</summary>
    internal static string ReadConfined(SafeFileHandle root, string path)
    {
        // Not blocking: an image may have put a fifo there.
        if (Files.TryOpenConfined(root, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0,
            out var file) != Errno.None || file is null)
            return "";
        using (file)
            return Files.Status(file) is { IsRegular: true, Size: < 16 << 20 } ? Encoding.UTF8.GetString(Files.ReadToEnd(file, path)) : "";
    }
}
