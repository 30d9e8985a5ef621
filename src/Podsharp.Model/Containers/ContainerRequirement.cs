namespace Podsharp.Model;

/// <summary>Another container that is started first.</summary>
/// <param name="Container">Its name or id; of a container that was made, the id.</param>
/// <param name="Condition">What has to hold of it then.</param>
public sealed record ContainerRequirement(string Container, RequirementCondition Condition = RequirementCondition.Started)
{
    /// <inheritdoc/>
    public override string ToString() => Condition == RequirementCondition.Started ? Container : $"{Container}:{Condition.ToString().ToLowerInvariant()}";
}
