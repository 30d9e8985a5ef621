namespace Podsharp.Model;

/// <summary>A command that is run in a container again and again to see how it is, in the terms of an image's HEALTHCHECK.</summary>
public sealed record HealthCheck
{
    /// <summary>CMD and the program with its arguments, CMD-SHELL and a line for /bin/sh, or NONE; empty for nothing said.</summary>
    public IReadOnlyList<string> Test { get; init; } = [];
    /// <summary>The pause from the end of one check to the next; zero for no checks but those that are asked for.</summary>
    public TimeSpan Interval { get; init; }
    /// <summary>How long a check may take.</summary>
    public TimeSpan Timeout { get; init; }
    /// <summary>The time after the container's start in which failures don't count.</summary>
    public TimeSpan StartPeriod { get; init; }
    /// <summary>The pause between checks in that time; zero for <see cref="Interval"/>.</summary>
    public TimeSpan StartInterval { get; init; }
    /// <summary>Failures in a row until the container is unhealthy; of a startup check until it is restarted, 0 for never.</summary>
    public int Retries { get; init; }
    /// <summary>Of a startup check: successes until the regular check takes its place; 0 for one.</summary>
    public int Successes { get; init; }

    /// <summary>Whether there is anything to run.</summary>
    public bool IsDefined() => Test.Count > 0 && Test[0] is not ("" or "NONE");
}
