namespace Podsharp.Model;

/// <summary>One look at what containers use.</summary>
/// <param name="Time">When it was taken.</param>
/// <param name="Containers">What each of them uses; the CPU share is that since the look before.</param>
public sealed record UsageSample(DateTimeOffset Time, IReadOnlyList<ContainerUsage> Containers);
