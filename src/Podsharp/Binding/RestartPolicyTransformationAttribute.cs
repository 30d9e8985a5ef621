using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A restart policy: No, OnFailure, OnFailure:3, Always, UnlessStopped, or podman's words.</summary>
internal sealed class RestartPolicyTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new RestartPolicy(RestartPolicyKind.No);

    private protected override object? Convert(object? value) => value switch
    {
        string text => RestartPolicy.Parse(text.ToLowerInvariant().Replace("onfailure", "on-failure", StringComparison.Ordinal)
            .Replace("unlessstopped", "unless-stopped", StringComparison.Ordinal)),
        RestartPolicyKind kind => new RestartPolicy(kind),
        _ => value,
    };
}
