using System.Globalization;

namespace Podsharp.Model;

/// <summary>Whether a container is started again after its process's end. A stop by a user ends it until the next start.</summary>
/// <param name="Kind">When.</param>
/// <param name="MaximumRetries">With <see cref="RestartPolicyKind.OnFailure"/>: how often; 0 for without end.</param>
public sealed record RestartPolicy(RestartPolicyKind Kind, int MaximumRetries = 0)
{
    /// <summary>It stays as it ended.</summary>
    public static RestartPolicy No { get; } = new(RestartPolicyKind.No);

    /// <summary>Whether it takes part in the start after a reboot.</summary>
    public bool OutlivesReboot => Kind is RestartPolicyKind.Always or RestartPolicyKind.UnlessStopped;

    /// <summary>podman's word for the policy without its number: no, on-failure, always, unless-stopped.</summary>
    public string Name => Kind switch
    {
        RestartPolicyKind.OnFailure => "on-failure",
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        _ => "no",
    };

    /// <summary>Reads podman's words: empty, no, never, always, unless-stopped, on-failure, on-failure:N.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for any other word.</exception>
    public static RestartPolicy Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        var kind = name switch
        {
            "" or "no" or "never" => RestartPolicyKind.No,
            "always" => RestartPolicyKind.Always,
            "unless-stopped" => RestartPolicyKind.UnlessStopped,
            "on-failure" => RestartPolicyKind.OnFailure,
            _ => throw EngineErrors.InvalidArgument($"\"{text}\" is not a valid restart policy", text, "use no, on-failure, on-failure:N, always or unless-stopped"),
        };
        if (colon < 0)
            return new(kind);
        if (kind != RestartPolicyKind.OnFailure)
            throw EngineErrors.InvalidArgument("restart policy retries can only be specified with on-failure restart policy", text, "leave the number out");
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var retries)
            ? new(kind, retries)
            : throw EngineErrors.InvalidArgument("must specify restart policy retry count as a number greater than 0", text, "write it as on-failure:3");
    }

    /// <inheritdoc/>
    public override string ToString() => MaximumRetries > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{MaximumRetries}") : Name;
}
