using Podsharp.Model;

namespace Podsharp.Wire.GoTemplates;

/// <summary>A template that can't be read or executed; worded as Go's text/template words it.</summary>
/// <param name="message">The message, from <c>template:</c> on.</param>
/// <param name="remedy">The way out.</param>
public sealed class GoTemplateException(string message, string? remedy = null)
    : ContainerEngineException(ErrorKind.InvalidArgument, "InvalidTemplate", message, null, remedy);
