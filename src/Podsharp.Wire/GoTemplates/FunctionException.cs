namespace Podsharp.Wire.GoTemplates;

/// <summary>A template function that fails; the executor adds where.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="isCallError">Whether the function itself failed; else it was called wrongly.</param>
internal sealed class FunctionException(string message, bool isCallError = true) : Exception(message)
{
    internal bool IsCallError { get; } = isCallError;
}
