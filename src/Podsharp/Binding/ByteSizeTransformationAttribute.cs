using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>A number of bytes: a number (512mb is one in PowerShell) or podman's words (512m, 2g; -1 for no limit).</summary>
internal sealed class ByteSizeTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => 0L;

    private protected override object? Convert(object? value) => value is string text ? SizeParser.ParseOrUnlimited(text, "size") : value;
}
