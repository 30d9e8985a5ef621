namespace Podsharp.Engine.Storage.Tar;

/// <summary>How an overlay's upper directory is told in a layer's tar: what the overlay notes for itself becomes marks of the archive
/// (image-spec layer.md), and times are whole seconds, as in everybody's layers: they save each file an extended header.</summary>
/// <param name="OpaqueAttribute">The extended attribute of a directory that hides the one below.</param>
/// <param name="LeftOut">Paths, without a slash at the beginning, that don't belong into the layer.</param>
internal sealed record LayerRules(string OpaqueAttribute, IReadOnlySet<string> LeftOut);
