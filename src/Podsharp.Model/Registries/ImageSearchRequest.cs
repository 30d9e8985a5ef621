namespace Podsharp.Model;

/// <summary>What to look for in registries.</summary>
public sealed record ImageSearchRequest
{
    /// <summary>A part of a name, after a registry and a slash, or without: then the registries of registries.conf are asked. With <see cref="ListTags"/> a repository's whole name.</summary>
    public required string Term { get; init; }
    /// <summary>How many results at most from each registry.</summary>
    public int Limit { get; init; } = 25;
    /// <summary>Lists the tags of a repository instead.</summary>
    public bool ListTags { get; init; }
    /// <summary>Only those with so many stars at least; 0 for all.</summary>
    public int Stars { get; init; }
    /// <summary>Only official ones, or only others; null for both.</summary>
    public bool? Official { get; init; }
    /// <summary>Only automated ones, or only others; null for both.</summary>
    public bool? Automated { get; init; }
    /// <summary>How to talk to the registries.</summary>
    public RegistryOptions Registry { get; init; } = new();
}
