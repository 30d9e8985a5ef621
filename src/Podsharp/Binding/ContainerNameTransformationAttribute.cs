using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Takes objects that tell of a container (its exit, usage, log, processes) where its name is wanted.</summary>
/// <remarks>A container itself is left alone: through the pipeline it belongs to InputObject, as an argument it is its name.</remarks>
internal sealed class ContainerNameTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value)
    {
        var names = Flatten(value).Select(Name).ToArray();
        return value is null ? null : names.Length == 1 ? names[0] : names;
    }

    /// <summary>The id of the container an object tells of; null if it is something else.</summary>
    internal static string? IdOf(object? value) => value switch
    {
        Container container => container.Id,
        ContainerDetail detail => detail.Container.Id,
        ContainerExit exit => exit.Id,
        ContainerUsage usage => usage.Id,
        ContainerCheckpoint checkpoint => checkpoint.ContainerId,
        ExecSession session => session.ContainerId,
        ContainerProcessInfo process => process.ContainerId,
        ContainerLogEntry entry => entry.ContainerId,
        _ => null,
    };

    private static object Name(object value) => value is Container ? value : IdOf(value) ?? value;
}
