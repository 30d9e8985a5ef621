using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Takes images, and objects that tell of one, where names of images are wanted and nothing else takes such objects from the pipeline.</summary>
internal sealed class ImageReferenceTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value) =>
        value is null ? null : Flatten(value).Select(item => item is ContainerImage image ? image.Id : ImageNameTransformationAttribute.NameOf(item) ?? item).ToArray();
}
