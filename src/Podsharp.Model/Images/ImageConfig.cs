namespace Podsharp.Model;

/// <summary>The <c>config</c> member of an OCI image configuration (image-spec config.md).</summary>
public sealed record ImageConfig
{
    /// <summary>user[:group].</summary>
    public string User { get; init; } = "";
    /// <summary>Variables as NAME=value.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];
    /// <summary>Entry point.</summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];
    /// <summary>Default arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
    /// <summary>Working directory.</summary>
    public string WorkingDirectory { get; init; } = "";
    /// <summary>Volume paths.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];
    /// <summary>Exposed ports (<c>80/tcp</c>).</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Stop signal.</summary>
    public string StopSignal { get; init; } = "";
    /// <summary>How containers made of it are checked (Docker's form only); null where it doesn't say.</summary>
    public HealthCheck? HealthCheck { get; init; }
    /// <summary>Triggers for builds on top of it.</summary>
    public IReadOnlyList<string> OnBuild { get; init; } = [];
    /// <summary>Shell of shell-form instructions.</summary>
    public IReadOnlyList<string> Shell { get; init; } = [];
}
