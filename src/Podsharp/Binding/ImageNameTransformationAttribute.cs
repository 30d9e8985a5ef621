using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Takes objects that tell of an image (its details, a container made from it) where its name is wanted.</summary>
/// <remarks>An image itself is left alone: through the pipeline it belongs to InputObject, as an argument it is its name.</remarks>
internal sealed class ImageNameTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value)
    {
        var names = Flatten(value).Select(item => item is ContainerImage ? item : NameOf(item) ?? item).ToArray();
        return value is null ? null : names.Length == 1 ? names[0] : names;
    }

    /// <summary>The name (without one, the id) of the image an object tells of; null if it is something else.</summary>
    internal static string? NameOf(object? value) => value switch
    {
        ContainerImage { Names: [var first, ..] } => first,
        ContainerImage image => image.Id,
        ContainerImageDetail detail => NameOf(detail.Image),
        Container { Image: "" } container => container.ImageId,
        Container container => container.Image,
        _ => null,
    };
}
