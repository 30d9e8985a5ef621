namespace Podsharp.Engine.Storage.Tar;

/// <summary>The bytes of a tar, in order.</summary>
internal interface ITarInput
{
    /// <summary>The next bytes, at least one and at most <paramref name="maximum"/>, valid until the next call; none at the end.</summary>
    ReadOnlySpan<byte> Take(int maximum);

    /// <summary>Passes over bytes; false where the tar ends before.</summary>
    bool TrySkip(long count) => TrySkip(this, count);

    /// <summary>Passes over bytes by taking them.</summary>
    static bool TrySkip(ITarInput input, long count)
    {
        while (count > 0)
        {
            var part = input.Take((int)Math.Min(count, int.MaxValue));
            if (part.IsEmpty)
                return false;
            count -= part.Length;
        }
        return true;
    }
}

/// <summary>Gets the bytes of a tar that aren't file data (headers, padding, end blocks), in order.</summary>
internal interface ITarOverhead
{
    /// <summary>Appends bytes.</summary>
    void Append(ReadOnlySpan<byte> bytes);
}
