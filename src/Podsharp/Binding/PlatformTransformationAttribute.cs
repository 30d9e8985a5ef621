using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A platform: OS/ARCH[/VARIANT].</summary>
public sealed class PlatformTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value) => value is string text ? ImagePlatform.Parse(text) : value;
}
