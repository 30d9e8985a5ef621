namespace Podsharp.Orchestration.Containers;

/// <summary>Which streams a front connects.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public readonly record struct OutputAttachment(bool Input, bool Output, bool Error);
