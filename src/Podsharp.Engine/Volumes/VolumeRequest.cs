using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>What a mount says of its volume for the case that there is none of that name yet: <c>volume-driver=NAME</c>, <c>volume-opt=KEY=VALUE</c>,
/// <c>volume-label=KEY[=VALUE]</c>.</summary>
internal static class VolumeRequest
{
    private const string Driver = "volume-driver=";
    private const string Option = "volume-opt=";
    private const string Label = "volume-label=";

    /// <summary>Whether a mount's option is one of these.</summary>
    internal static bool IsOption(string option) => option.StartsWith(Driver, StringComparison.Ordinal) || option.StartsWith(Option, StringComparison.Ordinal)
        || option.StartsWith(Label, StringComparison.Ordinal);

    /// <summary>The volume that a mount of a volume asks for.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: an option without a value.</exception>
    internal static VolumeSpec Of(ContainerMount mount)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in mount.Options)
        {
            if (option.StartsWith(Option, StringComparison.Ordinal))
            {
                var (key, value) = Pair(option[Option.Length..]);
                options[key] = value ?? throw EngineErrors.InvalidArgument($"cannot parse driver opts: {option}: invalid mount option", option, "write volume-opt=KEY=VALUE");
            }
            else if (option.StartsWith(Label, StringComparison.Ordinal))
            {
                var (key, value) = Pair(option[Label.Length..]);
                labels[key] = value ?? "";
            }
        }
        var driver = mount.Options.LastOrDefault(option => option.StartsWith(Driver, StringComparison.Ordinal))?[Driver.Length..];
        return new() { Name = mount.Source, Driver = driver ?? "local", Options = options, Labels = labels };
    }

    private static (string Key, string? Value) Pair(string text)
    {
        var equals = text.IndexOf('=');
        return equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
    }
}
