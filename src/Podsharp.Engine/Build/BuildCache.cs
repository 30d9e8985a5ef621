using System.Text;
using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Build;

/// <summary>Results of earlier builds. Each image that a step has led to carries the step's key as the name of an item of data, so that images.json alone
/// tells which are known, and what removes an image removes what was known of it.</summary>
/// <param name="storage">The image store.</param>
/// <param name="age">How old a result may be; null for any age.</param>
internal sealed class BuildCache(ContainerStorage storage, TimeSpan? age)
{
    private const string Prefix = "podsharp-build-";
    private readonly Lazy<Dictionary<string, StoredImage>> images = new(() => Read(storage, age));

    /// <summary>The image that a step with this key has led to before; null for none.</summary>
    internal StoredImage? Find(string key) => images.Value.GetValueOrDefault(key);

    /// <summary>The item of data that tells a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="proper">What the keys of later steps follow from: the step's proper key, where this one is only a quicker way to the result.</param>
    internal static KeyValuePair<string, ReadOnlyMemory<byte>> Item(string key, string proper) => new(Prefix + key, Encoding.ASCII.GetBytes(proper));

    /// <summary>The proper key of a step that was found by a quicker one.</summary>
    internal string ProperKey(StoredImage image, string key) => Encoding.ASCII.GetString(storage.ReadImageData(image.Id, Prefix + key));

    /// <summary>The key of a step.</summary>
    /// <param name="before">That of the steps before it.</param>
    /// <param name="parts">All that its result depends on besides.</param>
    internal static string Key(string before, params IEnumerable<string> parts)
    {
        using var hash = new StepDigest();
        foreach (var part in parts.Prepend(before))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.Append(BitConverter.GetBytes(bytes.Length));
            hash.Append(bytes);
        }
        return hash.Finish();
    }

    private static Dictionary<string, StoredImage> Read(ContainerStorage storage, TimeSpan? age)
    {
        var known = new Dictionary<string, StoredImage>(StringComparer.Ordinal);
        var oldest = age is { } limit ? DateTimeOffset.UtcNow - limit : DateTimeOffset.MinValue;
        foreach (var image in storage.ListImages())
        {
            if (image.IsReadOnly || image.Created < oldest)
                continue;
            foreach (var name in image.BigDataNames)
            {
                if (name.StartsWith(Prefix, StringComparison.Ordinal))
                    known[name[Prefix.Length..]] = image;
            }
        }
        return known;
    }
}
