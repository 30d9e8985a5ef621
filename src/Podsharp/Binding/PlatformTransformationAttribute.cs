using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A platform, or several: OS/ARCH[/VARIANT].</summary>
internal sealed class PlatformTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new ImagePlatform("", "");

    private protected override object? Convert(object? value) => value switch
    {
        string text => Parse(text),
        object[] => Flatten(value).Select(item => item is string text ? Parse(text) : item).ToArray(),
        _ => value,
    };

    private static object Parse(string text) =>
        text.Contains(',') ? text.Split(',').Select(ImagePlatform.Parse).ToArray() : ImagePlatform.Parse(text);
}
