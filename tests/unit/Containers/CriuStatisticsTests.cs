using System.Buffers.Binary;
using Podsharp.Engine.Containers.Checkpoints;
using Xunit;

namespace Podsharp.UnitTests.Containers;

public sealed class CriuStatisticsTests
{
    // field 1 (bytes): 1=300, 5=7, 7=5
    private static readonly byte[] Dump = [0x0A, 7, 0x08, 0xAC, 0x02, 0x28, 7, 0x38, 5];

    [Fact]
    public void Reads_the_numbers_of_the_message_that_is_wanted()
    {
        var values = CriuStatistics.Parse(Image(Dump), 1);
        Assert.NotNull(values);
        Assert.Equal(300UL, values[1]);
        Assert.Equal(7UL, values[5]);
        Assert.Equal(5UL, values[7]);
        Assert.Null(CriuStatistics.Parse(Image(Dump), 2));
    }

    [Fact]
    public void Says_nothing_of_what_is_cut_off_or_something_else()
    {
        var image = Image(Dump);
        for (var length = 0; length < image.Length; length++)
            Assert.Null(CriuStatistics.Parse(image.AsSpan(0, length), 1));
        Assert.Null(CriuStatistics.Parse(Image([0x0A, 200, 1]), 1));
        Assert.Null(CriuStatistics.Parse(Image([0x0B, 1, 1]), 1));
        image[0] ^= 1;
        Assert.Null(CriuStatistics.Parse(image, 1));
    }

    private static byte[] Image(byte[] message)
    {
        var image = new byte[12 + message.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(image, 0x55105940);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(4), 0x57093306);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(8), message.Length);
        message.CopyTo(image, 12);
        return image;
    }
}
