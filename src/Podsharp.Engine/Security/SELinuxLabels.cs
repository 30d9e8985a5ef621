namespace Podsharp.Engine.Security;

/// <summary>What a container's processes and its files are labelled with; empty for no label.</summary>
internal readonly record struct SELinuxLabels(string Process, string Mount)
{
    /// <summary>Of a host without SELinux.</summary>
    internal static SELinuxLabels None { get; } = new("", "");
}
