using Podsharp.Engine.Build.Copying;

namespace Podsharp.Engine.Build;

/// <summary>A COPY or ADD whose sources are found.</summary>
/// <param name="Order">What to do, but for the owner, whose name only the stage's files tell.</param>
/// <param name="Owner">USER:GROUP; null for the default.</param>
/// <param name="IsLink">Whether it lies on nothing, whatever is below.</param>
/// <param name="Identity">What tells the sources without reading them: those of another stage; null where they have to be read.</param>
internal sealed record PreparedCopy(CopyOrder Order, string? Owner, bool IsLink, string? Identity)
{
    /// <summary>The word for the history: what is copied.</summary>
    internal string Kind => Order.Sources.Count > 1 ? "multi" : Order.Sources[0].IsDirectory ? "dir" : "file";
}
