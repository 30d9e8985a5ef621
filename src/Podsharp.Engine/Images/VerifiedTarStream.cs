using System.Security.Cryptography;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>A layer's tar whose digest is computed as it is read; the read that would tell its end fails if it isn't the layer's.</summary>
internal sealed class VerifiedTarStream(Stream tar, SourceLayer layer) : OneWayStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(layer.DiffId.HashName);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = tar.Read(buffer);
        if (count > 0)
        {
            _hash.AppendData(buffer[..count]);
        }
        else if (!buffer.IsEmpty)
        {
            Check(layer, _hash.GetCurrentHash());
        }
        return count;
    }

    /// <summary>Compares a digest with the layer's.</summary>
    /// <exception cref="ContainerEngineException">They differ (LayerCorrupt).</exception>
    internal static void Check(SourceLayer layer, ReadOnlySpan<byte> hash)
    {
        var actual = Convert.ToHexStringLower(hash);
        if (actual != layer.DiffId.Hex)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerCorrupt",
                $"the layer {layer.Stored.Id} no longer has the content it was stored with: its digest is {actual} instead of {layer.DiffId.Hex}",
                layer.Stored.Id, "remove and pull its images again");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            tar.Dispose();
        }
        base.Dispose(disposing);
    }
}
