namespace Podsharp.Engine.Cgroups;

/// <summary>A property of a unit.</summary>
/// <param name="Name">Its name on the bus, which is not always that of unit files (org.freedesktop.systemd1(5)).</param>
/// <param name="Signature">The type of its value, as D-Bus writes it.</param>
/// <param name="Words">The value as busctl(1) takes it, arrays with their length first.</param>
internal sealed record SystemdProperty(string Name, string Signature, params IReadOnlyList<string> Words);
