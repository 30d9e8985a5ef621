namespace Podsharp.Model;

/// <summary>The policy that decides which images are accepted.</summary>
/// <param name="File">Its file; empty where there is none, which accepts all images.</param>
/// <param name="Text">The file, as it is.</param>
/// <param name="Entries">Its requirements, the default first.</param>
public sealed record TrustPolicy(string File, string Text, IReadOnlyList<TrustPolicyEntry> Entries);
