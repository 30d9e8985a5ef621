namespace Podsharp.Engine.Configuration;

/// <summary>A pool of subnets.</summary>
/// <param name="Base">The pool, in CIDR notation.</param>
/// <param name="Size">Prefix length of the subnets cut from it.</param>
internal sealed record SubnetPool(string Base, int Size);
