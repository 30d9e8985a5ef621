using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Copying;

/// <summary>Writes a layer's tar: what is added, and, as an overlay would, the directories above it with what they are below.</summary>
/// <param name="writer">The tar.</param>
/// <param name="below">The files that the layer lies on.</param>
/// <param name="times">What becomes of times.</param>
internal sealed class LayerBuilder(TarWriter writer, FileTree below, LayerTimes times)
{
    private const int MaximumLinks = 40;
    private const uint DefaultDirectory = 0x1ED; // 0755

    // What this layer itself has, by path, with a link's target.
    private readonly Dictionary<string, (uint Type, string Target)> added = new(StringComparer.Ordinal) { [""] = (ModeBits.Directory, "") };

    /// <summary>What directories that have to be made belong to.</summary>
    internal (uint UserId, uint GroupId) DirectoryOwner { get; set; }

    /// <summary>The type of what is at a path, a link itself; 0 for nothing.</summary>
    internal uint TypeOf(string path) => added.TryGetValue(path, out var known) ? known.Type : below.TryStatus(path)?.Type ?? 0;

    /// <summary>The path without links, "" for the root; what isn't there is taken as it is written.</summary>
    internal string Resolve(string path) => Walk(path, make: false);

    /// <summary>The same, and makes it a directory.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: a file is in the way.</exception>
    internal string MakeDirectory(string path) => Walk(path, make: true);

    /// <summary>Adds a directory, or gives the one that is there these attributes.</summary>
    internal void AddDirectory(string path, TarEntry entry)
    {
        if (TypeOf(path) is not (0 or ModeBits.Directory))
            throw InTheWay(path);
        Add(path, ModeBits.Directory, "", entry);
    }

    /// <summary>Adds anything else; a file's content is to be written after it.</summary>
    internal void Add(string path, uint type, string target, TarEntry entry)
    {
        if (type != ModeBits.Directory && TypeOf(path) == ModeBits.Directory)
            throw EngineErrors.InvalidArgument($"cannot copy to /{RawPath.ToText(path)}: it is a directory", RawPath.ToText(path), "name another destination");
        if (path.Length > 0)
            List(RawPath.Parent(path));
        added[path] = (type, target);
        var modified = times.Of(entry.Modified);
        if (path.Length > 0)
            writer.Add(entry with { Name = RawPath.Bytes(path), Modified = modified, Accessed = modified });
    }

    private string Walk(string path, bool make)
    {
        var rest = new Stack<string>(path.Split('/').Reverse());
        var resolved = "";
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part is "" or ".")
                continue;
            if (part == "..")
            {
                resolved = RawPath.Parent(resolved);
                continue;
            }
            var next = RawPath.Join(resolved, part);
            switch (TypeOf(next))
            {
                case ModeBits.Symlink:
                    if (++links > MaximumLinks)
                        throw EngineErrors.InvalidArgument($"/{RawPath.ToText(next)} leads through too many links", RawPath.ToText(next));
                    var target = added.TryGetValue(next, out var known) ? known.Target : below.TryReadLink(next) ?? "";
                    if (target.StartsWith('/'))
                        resolved = "";
                    foreach (var step in target.Split('/').Reverse())
                        rest.Push(step);
                    continue;
                case ModeBits.Directory:
                    break;
                case 0:
                    if (make)
                        Add(next, ModeBits.Directory, "", new()
                        {
                            Name = [],
                            Type = TarEntryType.Directory,
                            Size = 0,
                            Mode = DefaultDirectory,
                            UserId = DirectoryOwner.UserId,
                            GroupId = DirectoryOwner.GroupId,
                            Modified = times.Now,
                        });
                    break;
                default:
                    if (make || rest.Count > 0)
                        throw InTheWay(next);
                    break;
            }
            resolved = next;
        }
        return resolved;
    }

    /// <summary>Lists the directories above, from the top, with what they are below: an overlay shows the uppermost's attributes.</summary>
    private void List(string directory)
    {
        if (added.ContainsKey(directory))
            return;
        List(RawPath.Parent(directory));
        using var opened = below.TryOpen(directory, OpenFlags.Directory | OpenFlags.NoFollow) ?? throw new InvalidOperationException($"/{directory} has not been made");
        added[directory] = (ModeBits.Directory, "");
        var status = Files.Status(opened);
        var modified = times.Of(status.Modified);
        writer.Add(new()
        {
            Name = RawPath.Bytes(directory),
            Type = TarEntryType.Directory,
            Size = 0,
            Mode = status.Mode & ModeBits.PermissionMask,
            UserId = status.UserId,
            GroupId = status.GroupId,
            Modified = modified,
            Accessed = modified,
            Attributes = TreeArchiver.Attributes(opened),
        });
    }

    private static ContainerEngineException InTheWay(string path) =>
        EngineErrors.InvalidArgument($"cannot make the directory /{RawPath.ToText(path)}: there is a file of that name", RawPath.ToText(path), "name another destination");
}
