using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>An image that a cmdlet is to work on.</summary>
/// <param name="Key">What the engine is asked for: a name or an id.</param>
/// <param name="Display">What people are shown.</param>
/// <param name="Image">The image, if it came as an object or was found by a wildcard.</param>
internal sealed record ImageTarget(string Key, string Display, ContainerImage? Image = null)
{
    /// <summary>The target object of an error.</summary>
    public object ErrorTarget => Image ?? (object)Key;

    /// <summary>An image that is known.</summary>
    public static ImageTarget Of(ContainerImage image) => new(image.Id, image.ToString(), image);
}
