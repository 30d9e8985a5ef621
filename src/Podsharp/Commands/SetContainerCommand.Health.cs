using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Commands;

// The parameters that change how their health is checked.
public sealed partial class SetContainerCommand
{
    /// <summary>The command that checks its health: a line for its shell, or a program and its arguments as an array; None for no check.</summary>
    [Parameter]
    [HealthCommandTransformation]
    public string[]? HealthCommand { get; set; }

    /// <summary>The pause between two checks: a TimeSpan, seconds, or "30s"; 0 for none but those that Test-ContainerHealth runs.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? HealthInterval { get; set; }

    /// <summary>How long a check may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? HealthTimeout { get; set; }

    /// <summary>Failures in a row until it is unhealthy.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? HealthRetry { get; set; }

    /// <summary>The time after its start in which failures don't count.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? HealthStartPeriod { get; set; }

    /// <summary>What is done when it is unhealthy.</summary>
    [Parameter]
    public HealthAction? HealthOnFailure { get; set; }

    /// <summary>Checks nothing, whatever the image says.</summary>
    [Parameter]
    public SwitchParameter NoHealthCheck { get; set; }

    /// <summary>The command that checks its start; once it has succeeded, the regular check takes its place.</summary>
    [Parameter]
    [HealthCommandTransformation]
    public string[]? HealthStartupCommand { get; set; }

    /// <summary>The pause between two startup checks.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? HealthStartupInterval { get; set; }

    /// <summary>How long a startup check may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? HealthStartupTimeout { get; set; }

    /// <summary>Failures of the startup check until the container is restarted; 0 for never.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? HealthStartupRetry { get; set; }

    /// <summary>Successes of the startup check until the regular one takes its place.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? HealthStartupSuccess { get; set; }

    /// <summary>Where the log of checks is kept: Local, Events, or a directory.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HealthLogCompleter))]
    public string? HealthLogDestination { get; set; }

    /// <summary>Checks in the log; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? HealthMaxLogCount { get; set; }

    /// <summary>Characters of a check's output in the log; 0 for all.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? HealthMaxLogSize { get; set; }

    private HealthSpec BuildHealth() => new()
    {
        None = NoHealthCheck,
        Command = HealthCommand,
        Interval = HealthInterval,
        Timeout = HealthTimeout,
        Retries = HealthRetry,
        StartPeriod = HealthStartPeriod,
        OnFailure = HealthOnFailure,
        StartupCommand = HealthStartupCommand,
        StartupInterval = HealthStartupInterval,
        StartupTimeout = HealthStartupTimeout,
        StartupRetries = HealthStartupRetry,
        StartupSuccesses = HealthStartupSuccess,
        LogDestination = HealthLogDestination is null ? null : HealthLogCompleter.Destination(HealthLogDestination, FullPath),
        MaximumLogCount = HealthMaxLogCount,
        MaximumLogSize = HealthMaxLogSize,
    };
}
