namespace Podsharp.Model;

/// <summary>A secret given to a container.</summary>
public sealed record SecretUse
{
    /// <summary>The mode of a secret's file unless another one is asked for.</summary>
    public const int DefaultMode = 0x124; // 0444

    /// <summary>The secret: its name or id.</summary>
    public required string Secret { get; init; }
    /// <summary>An environment variable; else a file.</summary>
    public bool IsVariable { get; init; }
    /// <summary>The file, below /run/secrets unless it begins with /, or the variable; the secret's name when empty.</summary>
    public string Target { get; init; } = "";
    /// <summary>The file's owner in the container.</summary>
    public uint UserId { get; init; }
    /// <summary>The file's group in the container.</summary>
    public uint GroupId { get; init; }
    /// <summary>The file's permission bits.</summary>
    public int Mode { get; init; } = DefaultMode;
    /// <summary>The secret's id, once the container was made.</summary>
    public string Id { get; init; } = "";
}
