using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Lists images with podman's filters (podman-images(1)), from the store's three index files.</summary>
internal sealed class ImageList(ContainerStorage storage, ImageCatalog catalog)
{
    private Dictionary<string, StoredLayer> _layers = [];
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);

    /// <summary>Reads the list, newest first.</summary>
    /// <exception cref="ContainerEngineException">A filter is unknown or malformed.</exception>
    internal IReadOnlyList<ContainerImage> Read(ImageQuery query)
    {
        _layers = storage.ListLayers().DistinctBy(layer => layer.Id).ToDictionary(layer => layer.Id, StringComparer.Ordinal);
        var images = storage.ListImages();
        var users = storage.ListContainers().Where(container => container.ImageId is not null)
            .GroupBy(container => container.ImageId!).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var intermediate = query.All ? [] : Intermediate(images);
        var filters = Filters(query);
        return
        [
            .. images.Where(image => !intermediate.Contains(image.Id))
                .Select(image => (Stored: image, Model: ImageCatalog.ToModel(image, SizeOf(image), users.GetValueOrDefault(image.Id))))
                .Where(item => filters.All(filter => filter(item.Stored, item.Model)))
                .OrderByDescending(item => item.Stored.Created)
                .Select(item => query.Labels ? item.Model with { Labels = Labels(item.Stored) } : item.Model),
        ];
    }

    /// <summary>Unnamed images on which others stand.</summary>
    private HashSet<string> Intermediate(IReadOnlyList<StoredImage> images)
    {
        if (images.All(image => image.Names.Count > 0))
        {
            return [];
        }
        var below = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            for (var layer = Layer(image.TopLayerId)?.ParentId; layer is not null && below.Add(layer); layer = Layer(layer)?.ParentId)
            {
            }
        }
        return [.. images.Where(image => image.Names.Count == 0 && image.TopLayerId is { } top && below.Contains(top)).Select(image => image.Id)];
    }

    private StoredLayer? Layer(string? id) => id is null ? null : _layers.GetValueOrDefault(id);

    private long SizeOf(StoredImage image) => image.BigDataSizes.Values.Sum() + (image.TopLayerId is { } top ? SizeOfLayers(top) : 0);

    /// <summary>Bytes of a layer and those below; images share layers, so each is added up once.</summary>
    private long SizeOfLayers(string top)
    {
        var path = new Stack<StoredLayer>();
        var size = 0L;
        for (var layer = Layer(top); layer is not null; layer = Layer(layer.ParentId))
        {
            if (_sizes.TryGetValue(layer.Id, out size))
            {
                break;
            }
            path.Push(layer);
        }
        while (path.TryPop(out var layer))
        {
            size += Math.Max(0, layer.DiffSize ?? 0);
            _sizes[layer.Id] = size;
        }
        return size;
    }

    private IReadOnlyDictionary<string, string> Labels(StoredImage image)
    {
        try
        {
            return catalog.ReadConfig(image).ToModel().Labels;
        }
        catch (ContainerEngineException error) when (error.Kind is ErrorKind.DataCorrupt or ErrorKind.NotFound)
        {
            // One damaged image, or one removed this moment, must not hide all others.
            return EmptyDictionary.Strings;
        }
    }

    private List<Func<StoredImage, ContainerImage, bool>> Filters(ImageQuery query)
    {
        var filters = new List<Func<StoredImage, ContainerImage, bool>>();
        if (query.NamesOrIds.Count > 0)
        {
            filters.Add((image, _) => query.NamesOrIds.Any(text => ReferencePattern.Matches(image, text)));
        }
        foreach (var (key, values) in query.Filters)
        {
            // Several values of one filter: any of them, but for labels, which must all hold.
            var tests = values.Select(value => Filter(key, value)).ToList();
            filters.Add(key.StartsWith("label", StringComparison.Ordinal)
                ? (image, model) => tests.All(test => test(image, model))
                : (image, model) => tests.Any(test => test(image, model)));
        }
        return filters;
    }

    private Func<StoredImage, ContainerImage, bool> Filter(string key, string value)
    {
        switch (key)
        {
            case "reference":
                return (image, _) => ReferencePattern.Matches(image, value);
            case "id":
                return (image, _) => image.Id.StartsWith(value, StringComparison.Ordinal);
            case "digest":
                return (image, _) => image.Digests.Any(digest => digest.StartsWith(value, StringComparison.Ordinal));
            case "label":
                return LabelFilter(value, present: true);
            case "label!":
                return LabelFilter(value, present: false);
            case "dangling":
                var members = ImageCatalog.ListMembers(storage.ListImages());
                return Flag(key, value, (image, _) => image.Names.Count == 0 && !members.Contains(image.Id));
            case "readonly":
                return Flag(key, value, (image, _) => image.IsReadOnly);
            case "containers":
                return Flag(key, value, (_, model) => model.Containers > 0);
            case "intermediate":
                var hidden = Intermediate(storage.ListImages());
                return Flag(key, value, (image, _) => hidden.Contains(image.Id));
            case "before":
                var before = catalog.GetAny(value).Image.Created;
                return (image, _) => image.Created < before;
            case "since" or "after":
                var since = catalog.GetAny(value).Image.Created;
                return (image, _) => image.Created > since;
            case "until":
                var until = Time(value);
                return (image, _) => image.Created < until;
            default:
                throw EngineErrors.InvalidArgument($"\"{key}\" is not a filter of images", key,
                    "there are: after, before, containers, dangling, digest, id, intermediate, label, label!, readonly, reference, since, until");
        }
    }

    private static Func<StoredImage, ContainerImage, bool> Flag(string key, string value, Func<StoredImage, ContainerImage, bool> test) => value switch
    {
        "true" or "1" => test,
        "false" or "0" => (image, model) => !test(image, model),
        _ => throw EngineErrors.InvalidArgument($"the filter {key} must be true or false, not \"{value}\"", value),
    };

    private Func<StoredImage, ContainerImage, bool> LabelFilter(string value, bool present)
    {
        var equals = value.IndexOf('=');
        var (name, wanted) = equals < 0 ? (value, null) : (value[..equals], value[(equals + 1)..]);
        return (image, _) => present == (Labels(image).TryGetValue(name, out var actual) && (wanted is null || wanted == actual));
    }

    /// <summary>A time, or a duration before now.</summary>
    private static DateTimeOffset Time(string value)
    {
        if (GoDuration.TryParse(value, out var duration))
        {
            return DateTimeOffset.UtcNow - duration;
        }
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time
            : throw EngineErrors.InvalidArgument($"\"{value}\" is neither a time nor a duration", value, "write 2026-01-31T12:00:00Z, Unix seconds, or 24h");
    }
}
