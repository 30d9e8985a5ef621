using Podsharp.Model;

namespace Podsharp;

/// <summary>What a script block of Register-ContainerEvent finds in <c>$EventArgs</c>.</summary>
/// <param name="happened">The event.</param>
public sealed class ContainerEventArgs(EngineEvent happened) : EventArgs
{
    /// <summary>The whole event.</summary>
    public EngineEvent Event { get; } = happened;
    /// <summary>container, image, volume ...</summary>
    public string Type => Event.Type;
    /// <summary>create, start, died ...</summary>
    public string Status => Event.Status;
    /// <summary>When.</summary>
    public DateTimeOffset Time => Event.Time;
    /// <summary>The object's id.</summary>
    public string Id => Event.Id;
    /// <summary>The object's name.</summary>
    public string Name => Event.Name;
    /// <summary>The container's image.</summary>
    public string Image => Event.Image;
    /// <summary>The exit code, where a process ended.</summary>
    public int? ExitCode => Event.ExitCode;
    /// <inheritdoc/>
    public override string ToString() => Event.ToString();
}
