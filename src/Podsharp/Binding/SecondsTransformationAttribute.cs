namespace Podsharp.Binding;

/// <summary>A number of seconds: a number or a TimeSpan.</summary>
internal sealed class SecondsTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value) =>
        value is TimeSpan span ? (span == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Ceiling(span.TotalSeconds)) : value;
}
