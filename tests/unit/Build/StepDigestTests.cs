using System.Security.Cryptography;
using Podsharp.Engine.Build;

namespace Podsharp.UnitTests.Build;

public sealed class StepDigestTests
{
    [Fact]
    public void It_is_sha256_at_every_length_and_in_every_portion()
    {
        var random = new Random(7);
        foreach (var length in Enumerable.Range(0, 200).Concat([1000, 65535, 65536, 65537, 200_000]))
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            using var digest = new StepDigest();
            for (var offset = 0; offset < length;)
            {
                var count = Math.Min(length - offset, random.Next(1, Math.Max(2, length)));
                digest.Append(bytes.AsSpan(offset, count));
                offset += count;
            }
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digest.Finish());
        }
    }
}
