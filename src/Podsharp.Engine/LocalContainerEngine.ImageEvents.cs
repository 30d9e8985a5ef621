using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>What is noted of images.</content>
internal sealed partial class LocalContainerEngine
{
    /// <summary>Passes a pull on and notes its failure.</summary>
    private async IAsyncEnumerable<ImagePullProgress> ErrorsNoted(IAsyncEnumerable<ImagePullProgress> pull, string reference,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var steps = pull.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await steps.MoveNextAsync())
                    yield break;
            }
            catch (ContainerEngineException error)
            {
                parts.Events.Append(new() { Type = "image", Status = "pull-error", Time = DateTimeOffset.UtcNow, Name = reference, Error = error.Message });
                throw;
            }
            yield return steps.Current;
        }
    }

    /// <summary>One event for each name that came or went.</summary>
    private ContainerImage Renamed(string nameOrId, Func<ContainerImage> change)
    {
        var before = parts.Images.GetAny(nameOrId).Image.Names;
        var image = change();
        foreach (var name in image.Names.Except(before))
            Log("tag", image.Id, name);
        foreach (var name in before.Except(image.Names))
            Log("untag", image.Id, name);
        return image;
    }

    private void Log(string status, string imageId, string name) => parts.Events.Append(new()
    {
        Type = "image",
        Status = status,
        Time = DateTimeOffset.UtcNow,
        Id = imageId,
        Name = name,
    });
}
