namespace Podsharp.Model;

/// <summary>A limit or weight for a block device.</summary>
/// <param name="Path">The device of the host: /dev/sda.</param>
/// <param name="Value">Bytes or operations a second, or the weight.</param>
public sealed record DeviceLimit(string Path, long Value);
