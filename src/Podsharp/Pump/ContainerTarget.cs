using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>A container that a cmdlet is to work on.</summary>
/// <param name="Key">What the engine is asked for: an id, or the name as it was given.</param>
/// <param name="Display">What people are shown: the name where it is known.</param>
/// <param name="Container">The container, if it came as an object or was found by a wildcard.</param>
internal sealed record ContainerTarget(string Key, string Display, Container? Container = null)
{
    /// <summary>The target object of an error.</summary>
    public object ErrorTarget => Container ?? (object)Key;

    /// <summary>A container of which a name or id was given.</summary>
    public static ContainerTarget Of(string key) => new(key, key.Length == 64 && key.All(char.IsAsciiHexDigitLower) ? key[..12] : key);

    /// <summary>A container that is known.</summary>
    public static ContainerTarget Of(Container container) => new(container.Id, container.Name, container);
}
