using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Build;

/// <summary>What a stage has come to.</summary>
/// <param name="State">Its files and configuration.</param>
/// <param name="Variables">Its variables, which a stage on top of it inherits.</param>
/// <param name="Image">The image; null where it is only a stage for others.</param>
internal sealed record StageResult(StageState State, BuildVariables Variables, StoredImage? Image);
