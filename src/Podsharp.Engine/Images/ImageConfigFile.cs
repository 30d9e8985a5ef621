using System.Text.Json;
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
    public string? OsVersion { get; init; }
    public IReadOnlyList<string>? OsFeatures { get; init; }
    public string? DockerVersion { get; init; }
    public string? Comment { get; init; }
    public ImageConfigSection? Config { get; init; }
    public RootFileSystem? Rootfs { get; init; }
    public IReadOnlyList<HistoryRecord>? History { get; init; }

    /// <summary>Digests of the uncompressed layers, lowest first.</summary>
    public IReadOnlyList<string> DiffIds => NotNull(Rootfs?.DiffIds);

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ContainerEngineException">It isn't one (<c>DataCorrupt</c>).</exception>
    internal static ImageConfigFile Parse(ReadOnlyMemory<byte> bytes, string source)
    {
        try
        {
            return ImageJson.ReadConfig(bytes);
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidImageConfig",
                $"the configuration of {source} is not valid JSON", source, innerException: error);
        }
    }

    /// <summary>Checks that it speaks of as many layers as there are, and in digests.</summary>
    /// <exception cref="ContainerEngineException">It doesn't (<c>DataCorrupt</c>).</exception>
    internal void CheckLayers(int count, string source)
    {
        if (DiffIds.Count != count)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidImageConfig",
                $"{source} has {count} layers, but its configuration speaks of {DiffIds.Count}", source);
        }
        foreach (var diffId in DiffIds)
        {
            _ = ContentDigest.Parse(diffId, $"the configuration of {source}");
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
            Volumes = section.Volumes ?? [],
            ExposedPorts = section.ExposedPorts ?? [],
            Labels = section.Labels?.ToDictionary(label => label.Key, label => label.Value ?? "", StringComparer.Ordinal) ?? EmptyDictionary.Strings,
            StopSignal = section.StopSignal ?? "",
            HealthCheck = section.Healthcheck?.ToModel(),
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
    public string? User { get; init; }
    public IReadOnlyList<string>? Env { get; init; }
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string>? Cmd { get; init; }
    public string? WorkingDir { get; init; }
    public IReadOnlyList<string>? Volumes { get; init; }
    public IReadOnlyList<string>? ExposedPorts { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public string? StopSignal { get; init; }
    public HealthcheckSection? Healthcheck { get; init; }
    public IReadOnlyList<string>? OnBuild { get; init; }
    public IReadOnlyList<string>? Shell { get; init; }
}

/// <summary>The member <c>Healthcheck</c> of Docker's form; times in nanoseconds, absent or 0 for the default.</summary>
internal sealed record HealthcheckSection
{
    private const long NanosecondsPerTick = 100;

    public IReadOnlyList<string>? Test { get; init; }
    public long? Interval { get; init; }
    public long? Timeout { get; init; }
    public long? StartPeriod { get; init; }
    public long? StartInterval { get; init; }
    public long? Retries { get; init; }

    /// <summary>The same in the engine's terms.</summary>
    internal HealthCheck ToModel() => new()
    {
        Test = Test is null ? [] : [.. Test.OfType<string>()],
        Interval = Time(Interval),
        Timeout = Time(Timeout),
        StartPeriod = Time(StartPeriod),
        StartInterval = Time(StartInterval),
        Retries = (int)Math.Clamp(Retries ?? 0, 0, int.MaxValue),
    };

    private static TimeSpan Time(long? nanoseconds) => TimeSpan.FromTicks(Math.Max(nanoseconds ?? 0, 0) / NanosecondsPerTick);
}

/// <summary>The member <c>rootfs</c>.</summary>
internal sealed record RootFileSystem
{
    public string Type { get; init; } = "layers";
    public IReadOnlyList<string>? DiffIds { get; init; } = [];
}

/// <summary>An item of <c>history</c>.</summary>
internal sealed record HistoryRecord
{
    public DateTimeOffset? Created { get; init; }
    public string? CreatedBy { get; init; }
    public string? Author { get; init; }
    public string? Comment { get; init; }
    public bool EmptyLayer { get; init; }
}
