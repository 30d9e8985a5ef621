namespace Podsharp.Orchestration.CommandLine;

/// <summary>What a shell offers for an option's value or an argument.</summary>
public enum CompletionKind
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>The words of <see cref="OptionDefinition.Words"/>.</summary>
    Words,
    /// <summary>Files.</summary>
    File,
    /// <summary>Directories.</summary>
    Directory,
    /// <summary>Containers in any state.</summary>
    Container,
    /// <summary>Files, and containers with a colon behind them.</summary>
    FileOrContainer,
    /// <summary>Running containers.</summary>
    RunningContainer,
    /// <summary>Containers that don't run.</summary>
    StoppedContainer,
    /// <summary>Images.</summary>
    Image,
    /// <summary>Containers, images, networks and volumes.</summary>
    AnyObject,
    /// <summary>Pods.</summary>
    Pod,
    /// <summary>Volumes.</summary>
    Volume,
    /// <summary>Networks.</summary>
    NetworkName,
    /// <summary>Artifacts.</summary>
    Artifact,
    /// <summary>Secrets.</summary>
    Secret,
    /// <summary>Networks and network modes.</summary>
    Network,
    /// <summary>Signals.</summary>
    Signal,
    /// <summary>Linux capabilities.</summary>
    Capability,
    /// <summary>Commands of this program.</summary>
    Command,
}
