using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.UnitTests.Runtime;

public sealed class VariableExpansionTests
{
    private static string? Variable(string name) => name switch { "A" => "one", "B_2" => "two", "EMPTY" => "", _ => null };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$A/${B_2}$NONE.", "one/two.")]
    [InlineData("${NONE:-x$A} ${A:-x} ${EMPTY:-y}", "xone one y")]
    [InlineData("${A:+set} ${NONE:+set}${EMPTY:+set}", "set ")]
    [InlineData("'$A' \"$A\" \\$A $ $$", "$A one $A $ $$")]
    [InlineData("${NONE:-${A}}", "one")]
    public void Variables_are_put_in(string text, string expected) => Assert.Equal(expected, VariableExpansion.Expand(text, Variable));

    [Theory]
    [InlineData("${A")]
    [InlineData("'$A")]
    [InlineData("${A:?x}")]
    public void What_is_not_closed_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => VariableExpansion.Expand(text, Variable)).Kind);
}
