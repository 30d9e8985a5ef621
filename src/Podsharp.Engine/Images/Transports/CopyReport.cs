using System.Threading.Channels;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Tells how far a copy is.</summary>
internal sealed class CopyReport(ChannelWriter<ImageCopyProgress> output, string destination)
{
    private const long Interval = 100;

    /// <summary>Tells a step.</summary>
    internal void Step(ImageCopyStage stage, string? message = null) =>
        output.TryWrite(new ImageCopyProgress { Destination = destination, Stage = stage, Message = message });

    /// <summary>Tells a step of a blob.</summary>
    internal void Blob(ImageCopyStage stage, Descriptor blob, long current) =>
        output.TryWrite(new ImageCopyProgress { Destination = destination, Stage = stage, BlobDigest = blob.Digest, Current = current, Total = blob.Size });

    /// <summary>Tells that something is tried again.</summary>
    internal void Retrying(string reason) => Step(ImageCopyStage.Retrying, reason);

    /// <summary>Tells the end.</summary>
    internal void Done(ImageCopyResult result) => output.TryWrite(new ImageCopyProgress { Destination = destination, Stage = ImageCopyStage.Done, Result = result });

    /// <summary>Tells of a blob's bytes, now and then.</summary>
    internal Action<long> Bytes(Descriptor blob)
    {
        var last = long.MinValue;
        return bytes =>
        {
            var now = Environment.TickCount64;
            if (last == long.MinValue || now - last >= Interval)
            {
                last = now;
                Blob(ImageCopyStage.Copying, blob, bytes);
            }
        };
    }
}
