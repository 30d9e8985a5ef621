namespace Podsharp.Engine.Storage;

/// <summary>Entries of a layer record's flags that mean something here. Others in the flags are kept as they are, by us and by podman.</summary>
internal static class LayerFlag
{
    /// <summary>The layer is being made or removed: whoever loads the list deletes it.</summary>
    internal const string Incomplete = "incomplete";

    /// <summary>Our own: its image is being removed, and it will go with it. Nothing to others, to whom it is a whole layer.</summary>
    internal const string Condemned = "podsharp-condemned";
}
