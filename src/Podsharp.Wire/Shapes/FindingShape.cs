using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A finding of <c>system check --format json</c>; podman has no such format.</summary>
public static class FindingShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(StorageFinding finding) => new WireStruct("finding")
        .Add("Kind", finding.Kind.ToString())
        .Add("Object", finding.Object)
        .Add("Id", finding.Id)
        .Add("Path", finding.Path)
        .Add("Problem", finding.Problem)
        .Add("Cost", finding.Cost.ToString())
        .Add("Remedy", finding.Remedy)
        .Add("Repaired", finding.Repaired)
        .Add("Failure", finding.Failure, omitEmpty: true);
}
