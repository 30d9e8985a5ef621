namespace Podsharp.Model;

/// <summary>A route that a network's containers get.</summary>
/// <param name="Destination">Where it leads to, 10.0.0.0/8.</param>
/// <param name="Gateway">By which address.</param>
/// <param name="Metric">Its metric; null for netavark's default (100).</param>
public sealed record NetworkRoute(string Destination, string Gateway, uint? Metric = null)
{
    /// <inheritdoc/>
    public override string ToString() => Metric is { } metric ? $"{Destination},{Gateway},{metric}" : $"{Destination},{Gateway}";
}
