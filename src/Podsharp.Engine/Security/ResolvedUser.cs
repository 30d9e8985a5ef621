namespace Podsharp.Engine.Security;

/// <summary>A container's user, looked up in its own files.</summary>
/// <param name="UserId">User id.</param>
/// <param name="GroupId">Primary group id.</param>
/// <param name="AdditionalGroups">Further group ids, without the primary one.</param>
/// <param name="Home">Home directory; / where none is known.</param>
/// <param name="Name">The name, or the number where there is none.</param>
internal sealed record ResolvedUser(uint UserId, uint GroupId, uint[] AdditionalGroups, string Home, string Name)
{
    /// <summary>Root, where an image has no users.</summary>
    internal static ResolvedUser Root { get; } = new(0, 0, [], "/root", "root");
}
