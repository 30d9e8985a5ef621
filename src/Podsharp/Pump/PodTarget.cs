using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>A pod that a cmdlet is to work on.</summary>
/// <param name="Key">What the engine is asked for: an id, or the name as it was given.</param>
/// <param name="Display">What people are shown: the name where it is known.</param>
/// <param name="Pod">The pod, if it came as an object or was found by a wildcard.</param>
internal sealed record PodTarget(string Key, string Display, Pod? Pod = null)
{
    /// <summary>The target object of an error.</summary>
    public object ErrorTarget => Pod ?? (object)Key;

    /// <summary>A pod of which a name or id was given.</summary>
    public static PodTarget Of(string key) => new(key, key.Length == 64 && key.All(char.IsAsciiHexDigitLower) ? key[..12] : key);

    /// <summary>A pod that is known.</summary>
    public static PodTarget Of(Pod pod) => new(pod.Id, pod.Name, pod);
}
