using Podsharp.Engine.Native;

namespace Podsharp.UnitTests.Native;

public sealed class SignalsTests
{
    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("term", 15)]
    [InlineData("9", 9)]
    [InlineData("SIGRTMIN", 34)]
    [InlineData("rtmin+3", 37)]
    [InlineData("SIGRTMAX-14", 50)]
    [InlineData("RTMAX", 64)]
    [InlineData("64", 64)]
    [InlineData("POLL", 29)]
    public void Parses(string text, int number) => Assert.Equal(number, Signals.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("SIG")]
    [InlineData("SIGWHAT")]
    [InlineData("RTMIN+40")]
    [InlineData("RTMIN-1")]
    [InlineData("RT")]
    [InlineData("RTM")]
    [InlineData("RTMIN+")]
    public void Refuses(string text) => Assert.False(Signals.TryParse(text, out _));

    [Fact]
    public void NamesComeBack()
    {
        for (var number = 1; number <= 64; number++)
            Assert.Equal(number, Signals.Parse(Signals.Name(number)));
    }
}
