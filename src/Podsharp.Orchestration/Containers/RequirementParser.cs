using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads what a container requires: <c>NAME</c> as podman has it, or <c>NAME:started</c>, <c>NAME:healthy</c>, <c>NAME:completed</c>.</summary>
public static class RequirementParser
{
    /// <summary>Reads one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static ContainerRequirement Parse(string text)
    {
        var colon = text.IndexOf(':');
        var name = colon < 0 ? text : text[..colon];
        if (name.Length == 0)
            throw EngineErrors.InvalidArgument($"\"{text}\" names no container to require", text, "write it as NAME or NAME:healthy");
        return new(name, (colon < 0 ? "started" : text[(colon + 1)..].ToLowerInvariant()) switch
        {
            "started" => RequirementCondition.Started,
            "healthy" => RequirementCondition.Healthy,
            "completed" => RequirementCondition.Completed,
            var other => throw EngineErrors.InvalidArgument($"\"{other}\" is not a condition of a required container", text, "use started, healthy or completed"),
        });
    }
}
