using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A platform: OS/ARCH[/VARIANT].</summary>
internal sealed class PlatformTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new ImagePlatform("", "");

    private protected override object? Convert(object? value) => value is string text ? ImagePlatform.Parse(text) : value;
}
