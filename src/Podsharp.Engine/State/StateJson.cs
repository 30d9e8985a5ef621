namespace Podsharp.Engine.State;

/// <summary>What the two halves of the JSON columns' mapping, <see cref="StateWriter"/> and <see cref="StateReader"/>, have in common. Members may be
/// added; their meaning never changes within a major version. The order and the form of what is written stay too: a build writes what another one wrote.</summary>
internal static class StateJson
{
    // The names of the values 0, 1, 2, ... as they are stored.
    internal static readonly string[] MountTypes = ["Bind", "Volume", "Tmpfs", "Ramfs", "Devpts", "Image", "Glob", "Artifact"];
    internal static readonly string[] NamespaceKinds = ["Default", "Private", "Host", "Container", "Path", "None", "Shareable", "Pasta", "Slirp4netns"];
    internal static readonly string[] RestartPolicies = ["No", "OnFailure", "Always", "UnlessStopped"];
    internal static readonly string[] RequirementConditions = ["Started", "Healthy", "Completed"];
    internal static readonly string[] HealthActions = ["None", "Kill", "Restart", "Stop"];
    internal static readonly string[] PullPolicies = ["Missing", "Always", "Never", "Newer"];
}
