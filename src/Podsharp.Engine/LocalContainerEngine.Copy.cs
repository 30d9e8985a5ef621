using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Copying images between places.</content>
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ImageCopyProgress> CopyImageAsync(ImageCopyRequest request, CancellationToken cancellationToken) =>
        parts.Images.CopyAsync(request, cancellationToken);
}
