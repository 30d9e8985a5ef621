using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>A security context of SELinux: USER:ROLE:TYPE, and a level where the policy has levels.</summary>
internal sealed record SELinuxContext(string User, string Role, string Type, string Level)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static SELinuxContext Parse(string text)
    {
        // A level has colons of its own.
        var parts = text.Split(':', 4);
        return parts.Length >= 3 && parts.Take(3).All(part => part.Length > 0) ? new(parts[0], parts[1], parts[2], parts.Length > 3 ? parts[3] : "")
            : throw EngineErrors.InvalidArgument($"\"{text}\" is not a SELinux label", text, "write USER:ROLE:TYPE:LEVEL");
    }

    /// <summary>The same for what all containers share: at the lowest level, without categories.</summary>
    internal SELinuxContext Shared() => this with { Level = Level.Length > 0 ? "s0" : "" };

    /// <inheritdoc/>
    public override string ToString() => Level.Length > 0 ? $"{User}:{Role}:{Type}:{Level}" : $"{User}:{Role}:{Type}";
}
