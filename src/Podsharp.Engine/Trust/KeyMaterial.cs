using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Keys or certificates that a policy names: in files, or in the policy itself.</summary>
/// <param name="Paths">Files, read when they are needed.</param>
/// <param name="Data">What stands in the policy.</param>
internal sealed record KeyMaterial(IReadOnlyList<string> Paths, IReadOnlyList<byte[]> Data)
{
    private const long LargestFile = 4 * 1024 * 1024;

    /// <summary>The material itself, one entry a file or datum.</summary>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid: a file can't be read.</exception>
    internal IReadOnlyList<byte[]> Read() => [.. Paths.Select(ReadFile), .. Data];

    /// <summary>What an object's members <c>NAMEPath</c>, <c>NAMEPaths</c>, <c>NAMEData</c> and <c>NAMEDatas</c> give; null for nothing.</summary>
    /// <exception cref="JsonException">More than one of them is there, or one is empty.</exception>
    internal static KeyMaterial? Of(Dictionary<string, JsonElement> members, string name, bool lists = true)
    {
        string[] keys = lists ? [name + "Path", name + "Paths", name + "Data", name + "Datas"] : [name + "Path", name + "Data"];
        var given = keys.Where(key => members.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null).ToList();
        return given switch
        {
            [] => null,
            [var only] when only.EndsWith('h') => new KeyMaterial([members.Text(only) ?? throw new JsonException($"\"{only}\" is empty")], []),
            [var only] when only.EndsWith("hs", StringComparison.Ordinal) => new KeyMaterial(members.Texts(only)!, []),
            [var only] when only.EndsWith("as", StringComparison.Ordinal) => new KeyMaterial([], [.. members.Texts(only)!.Select(text => StrictJson.Bytes(text, only))]),
            [var only] => new KeyMaterial([], [StrictJson.Bytes(members.Text(only) ?? throw new JsonException($"\"{only}\" is empty"), only)]),
            _ => throw new JsonException($"only one of {string.Join(", ", given)} may be given"),
        };
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length <= LargestFile ? File.ReadAllBytes(path) : throw new IOException("it is too large for a key");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid",
                $"the key file {path}, which the signature policy names, can't be read: {error.Message}", path, "restore it, or correct the policy", error);
        }
    }
}
