using System.Globalization;

namespace Podsharp.Binding;

/// <summary>A command's words: numbers as they are written in every culture, lists taken apart.</summary>
internal sealed class CommandTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value) => value is null
        ? null
        : Flatten(value).Select(word => System.Convert.ToString(word, CultureInfo.InvariantCulture) ?? "").ToArray();
}
