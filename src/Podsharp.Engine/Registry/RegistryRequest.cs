namespace Podsharp.Engine.Registry;

/// <summary>A request to a registry.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Path below <c>/v2/</c>.</param>
/// <param name="Repository">The repository, for the token's scope; null for none.</param>
/// <param name="What">What is done, for messages: "reading manifest latest in host/name".</param>
internal sealed record RegistryRequest(HttpMethod Method, string Path, string? Repository, string What)
{
    /// <summary>The address, where the registry has given one: it stands in for the path.</summary>
    public Uri? Address { get; init; }

    /// <summary>Media types that are taken.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Byte to start at.</summary>
    public long Offset { get; init; }

    /// <summary>Whether it changes the repository, or leads to a change: one token serves a whole push.</summary>
    public bool ForPush { get; init; }

    /// <summary>Whether it removes something: that is a right of its own.</summary>
    public bool ForDelete { get; init; }

    /// <summary>Whether it asks for all repositories.</summary>
    public bool ForCatalog { get; init; }

    /// <summary>A repository from which a blob is taken over, for the token's scope.</summary>
    public string? Donor { get; init; }

    /// <summary>Makes the body, for each try anew; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Whether the body is only sent once the registry has agreed to take it: it can't be made twice.</summary>
    public bool AskBeforeBody { get; init; }

    /// <summary>How long the answer may take, once the body has been sent.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The scopes of the token (distribution: "Token Scope Documentation"), separated by spaces.</summary>
    internal string Scope => Repository is null ? ForCatalog ? "registry:catalog:*" : "" : $"repository:{Repository}:{(ForDelete ? "*" : ForPush ? "pull,push" : "pull")}{(Donor is null ? "" : $" repository:{Donor}:pull")}";
}
