using System.Net;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>A container's line in a file of aardvark-dns: <c>ID ADDRESSES4 ADDRESSES6 NAMES</c>.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Addresses">Its addresses in it.</param>
/// <param name="Path">The file.</param>
internal sealed record DnsRecord(string ContainerId, string Network, IReadOnlyList<string> Addresses, string Path)
{
    private const string InternalSuffix = "%int";

    /// <summary>All lines of all networks.</summary>
    internal static IEnumerable<DnsRecord> List(string runDirectory)
    {
        var directory = System.IO.Path.Combine(runDirectory, "aardvark-dns");
        foreach (var entry in Files.ReadDirectory(directory))
        {
            var name = Encoding.UTF8.GetString(entry.Name);
            if (name == "aardvark.pid" || entry.Type == ModeBits.Directory)
                continue;
            var network = name.EndsWith(InternalSuffix, StringComparison.Ordinal) ? name[..^InternalSuffix.Length] : name;
            var path = System.IO.Path.Combine(directory, name);
            foreach (var line in Encoding.UTF8.GetString(Files.TryReadAll(path) ?? []).Split('\n').Skip(1))
            {
                var fields = line.Split(' ');
                if (fields.Length >= 3 && fields[0].Length == 64)
                    yield return new(fields[0], network, [.. fields[1].Split(',').Concat(fields[2].Split(',')).Where(text => IPAddress.TryParse(text, out _))], path);
            }
        }
    }
}
