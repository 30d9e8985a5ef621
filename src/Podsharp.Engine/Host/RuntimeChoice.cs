namespace Podsharp.Engine.Host;

/// <summary>The OCI runtime to use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Reason">Why it is not the one that would be expected; empty where it is.</param>
internal sealed record RuntimeChoice(string Name, string Path, string Reason);
