using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>An image's configuration blob (image-spec config.md, and Docker's older additions).</summary>
internal sealed record ImageConfigFile
{
    public DateTimeOffset? Created { get; init; }
    public string? Author { get; init; }
    public string? Architecture { get; init; }
    public string? Variant { get; init; }
    public string? Os { get; init; }
    [JsonPropertyName("docker_version")]
    public string? DockerVersion { get; init; }
    public string? Comment { get; init; }
    public ImageConfigSection? Config { get; init; }
    public RootFileSystem? Rootfs { get; init; }
    public IReadOnlyList<HistoryRecord?>? History { get; init; }

    /// <summary>Digests of the uncompressed layers, lowest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> DiffIds => NotNull(Rootfs?.DiffIds);

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ContainerEngineException">It isn't one (<c>DataCorrupt</c>).</exception>
    internal static ImageConfigFile Parse(ReadOnlySpan<byte> bytes, string source)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ImageJson.Default.ImageConfigFile) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidImageConfig",
                $"the configuration of {source} is not valid JSON", source, innerException: error);
        }
    }

    /// <summary>The part that containers get.</summary>
    internal ImageConfig ToModel()
    {
        var section = Config ?? new ImageConfigSection();
        return new ImageConfig
        {
            User = section.User ?? "",
            Environment = NotNull(section.Env),
            EntryPoint = NotNull(section.Entrypoint),
            Command = NotNull(section.Cmd),
            WorkingDirectory = section.WorkingDir ?? "",
            Volumes = [.. (section.Volumes ?? []).Keys],
            ExposedPorts = [.. (section.ExposedPorts ?? []).Keys],
            Labels = section.Labels?.ToDictionary(label => label.Key, label => label.Value ?? "", StringComparer.Ordinal) ?? EmptyDictionary.Strings,
            StopSignal = section.StopSignal ?? "",
            OnBuild = NotNull(section.OnBuild),
            Shell = NotNull(section.Shell),
        };
    }

    /// <summary>Items that are null in the JSON are no items: nobody further on expects them.</summary>
    private static IReadOnlyList<string> NotNull(IReadOnlyList<string>? items) => items is null ? [] : items.Contains(null!) ? [.. items.OfType<string>()] : items;
}

/// <summary>The member <c>config</c>.</summary>
internal sealed record ImageConfigSection
{
    [JsonPropertyName("User")]
    public string? User { get; init; }
    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Env { get; init; }
    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }
    [JsonPropertyName("Cmd")]
    public IReadOnlyList<string>? Cmd { get; init; }
    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }
    [JsonPropertyName("Volumes")]
    public SortedDictionary<string, JsonElement>? Volumes { get; init; }
    [JsonPropertyName("ExposedPorts")]
    public SortedDictionary<string, JsonElement>? ExposedPorts { get; init; }
    [JsonPropertyName("Labels")]
    public Dictionary<string, string>? Labels { get; init; }
    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }
    [JsonPropertyName("OnBuild")]
    public IReadOnlyList<string>? OnBuild { get; init; }
    [JsonPropertyName("Shell")]
    public IReadOnlyList<string>? Shell { get; init; }
}

/// <summary>The member <c>rootfs</c>.</summary>
internal sealed record RootFileSystem
{
    public string Type { get; init; } = "layers";
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string>? DiffIds { get; init; } = [];
}

/// <summary>An item of <c>history</c>.</summary>
internal sealed record HistoryRecord
{
    public DateTimeOffset? Created { get; init; }
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }
    public string? Author { get; init; }
    public string? Comment { get; init; }
    [JsonPropertyName("empty_layer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyLayer { get; init; }
}

/// <summary>Readers and writers of the records above. Docker's configurations have capitals where OCI has none, so names are
/// compared without case, as Go does.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageConfigFile))]
internal sealed partial class ImageJson : JsonSerializerContext;

/// <summary>Writer of configurations: the inner section's names have capitals (image-spec config.md), which
/// <see cref="ImageConfigSection"/> spells out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageConfigFile))]
internal sealed partial class ImageConfigJson : JsonSerializerContext;
