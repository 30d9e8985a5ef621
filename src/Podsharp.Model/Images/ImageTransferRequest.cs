namespace Podsharp.Model;

/// <summary>An image to send between users of a host, or between hosts.</summary>
/// <remarks>A place is written <c>[[USER@]HOST::]NAME</c>. The host <c>localhost</c> means another user of the engine's host, which root alone may reach; any other is
/// reached with ssh, and is a name of ssh's, or of a connection of podman's.</remarks>
public sealed record ImageTransferRequest
{
    /// <summary>The image, with the host it is on; without one it is in the engine's store.</summary>
    public required string Source { get; init; }
    /// <summary>Where it goes, with the name it is to have there or nothing after <c>::</c>; null for the engine's store.</summary>
    public string? Destination { get; init; }
}
