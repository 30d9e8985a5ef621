namespace Podsharp.Model;

/// <summary>What a list is to say about one of its images. What is null or empty stays as it is.</summary>
public sealed record ManifestImageChange
{
    /// <summary>Operating system.</summary>
    public string? Os { get; init; }
    /// <summary>Processor architecture; without a variant beside it, the variant goes.</summary>
    public string? Architecture { get; init; }
    /// <summary>Variant of the architecture.</summary>
    public string? Variant { get; init; }
    /// <summary>Version of the operating system.</summary>
    public string? OsVersion { get; init; }
    /// <summary>Features of the operating system.</summary>
    public IReadOnlyList<string> OsFeatures { get; init; } = [];
    /// <summary>Features of the processor; Docker's lists alone have them.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
    /// <summary>Annotations to set.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>Whether it says which platform the image is for.</summary>
    public bool HasPlatform => Os is not null || Architecture is not null || Variant is not null || OsVersion is not null || OsFeatures.Count > 0 || Features.Count > 0;
}
