using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What has to be there before anything is frozen. What only the OCI runtime knows (its library, CRIU's version) it says itself, before it freezes
/// anything, too: <see cref="CriuErrors"/>.</summary>
internal static class CriuGround
{
    /// <summary>Checks the host.</summary>
    /// <exception cref="ContainerEngineException">Unsupported or MissingComponent.</exception>
    internal static void Check(EngineParts parts)
    {
        if (parts.Host.IsRootless)
            throw EngineErrors.Unsupported("checkpointing a container requires root: CRIU can't rebuild an ordinary user's processes", null, "run it as root (sudo)");
        if (parts.Components.FindHelper("criu") is null)
            throw EngineErrors.MissingComponent("criu", "to checkpoint and restore containers", "criu libcriu2");
    }
}
