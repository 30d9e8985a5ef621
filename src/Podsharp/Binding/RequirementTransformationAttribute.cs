using System.Globalization;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>Containers that another one requires: containers, names, or names with a condition ("db:Healthy").</summary>
internal sealed class RequirementTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new ContainerRequirement[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).Select(Requirement).ToArray();

    private static ContainerRequirement Requirement(object value) => value switch
    {
        ContainerRequirement requirement => requirement,
        Container container => new(container.Id),
        _ => RequirementParser.Parse(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
