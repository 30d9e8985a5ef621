namespace Podsharp.Model;

/// <summary>A container on a network.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Name">The container's name.</param>
/// <param name="Status">What it has there.</param>
public sealed record NetworkMember(string Id, string Name, NetworkStatus Status)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {string.Join(' ', Status.Addresses)}".TrimEnd();
}
