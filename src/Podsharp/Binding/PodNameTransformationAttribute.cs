using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Takes objects that tell of a pod (its details, a container of it) where its name is wanted.</summary>
/// <remarks>A pod itself is left alone unless <see cref="Pods"/> says otherwise: through the pipeline it belongs to InputObject.</remarks>
internal sealed class PodNameTransformationAttribute : TransformationAttribute
{
    /// <summary>Also pods become their ids.</summary>
    public bool Pods { get; init; }

    private protected override object? Convert(object? value)
    {
        var names = Flatten(value).Select(Name).ToArray();
        return value is null ? null : names.Length == 1 ? names[0] : names;
    }

    private object Name(object value) => value switch
    {
        Pod pod when Pods => pod.Id,
        PodDetail detail => detail.Pod.Id,
        Container { Pod.Length: > 0 } container => container.Pod,
        _ => value,
    };
}
