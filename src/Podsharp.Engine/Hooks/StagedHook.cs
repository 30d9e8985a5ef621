using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Hooks;

/// <summary>A hook and when it runs.</summary>
/// <param name="Stage">prestart, createRuntime, createContainer, startContainer, poststart or poststop.</param>
/// <param name="Hook">The program.</param>
internal sealed record StagedHook(string Stage, OciHook Hook)
{
    /// <summary>The stages there are.</summary>
    internal static IReadOnlyList<string> Stages { get; } = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    /// <summary>The hooks by their stages; null for none.</summary>
    internal static OciHooks? ToOci(IReadOnlyList<StagedHook> hooks)
    {
        if (hooks.Count == 0)
            return null;
        if (hooks.FirstOrDefault(hook => !Stages.Contains(hook.Stage)) is { } wrong)
            throw EngineErrors.InvalidArgument($"the hook {wrong.Hook.Path} has an unknown stage \"{wrong.Stage}\"", wrong.Hook.Path, "use one of " + string.Join(", ", Stages));
        return new OciHooks
        {
            Prestart = Of("prestart"),
            CreateRuntime = Of("createRuntime"),
            CreateContainer = Of("createContainer"),
            StartContainer = Of("startContainer"),
            Poststart = Of("poststart"),
            Poststop = Of("poststop"),
        };

        IReadOnlyList<OciHook>? Of(string stage) => hooks.Where(hook => hook.Stage == stage).Select(hook => hook.Hook).ToList() is { Count: > 0 } list ? list : null;
    }
}
