using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.UnitTests.Orchestration;

public sealed class SecretParserTests
{
    [Fact]
    public void A_word_is_a_name_whatever_is_in_it() => Assert.Equal(new SecretUse { Secret = "type=env" }, SecretParser.Parse("type=env"));

    [Fact]
    public void All_fields_are_read() => Assert.Equal(
        new SecretUse { Secret = "db", Target = "/etc/db", UserId = 5, GroupId = 6, Mode = 0x120 /* 0440 */ },
        SecretParser.Parse("source=db,target=/etc/db,uid=5,gid=6,mode=0440,type=mount"));

    [Fact]
    public void A_variable_has_a_name_of_its_own() => Assert.Equal(new SecretUse { Secret = "db", IsVariable = true, Target = "PASSWORD" }, SecretParser.Parse("db,type=env,target=PASSWORD"));

    [Theory]
    [InlineData("db,foo")]
    [InlineData("db,type=x")]
    [InlineData("db,type=env,type=env")]
    [InlineData("db,type=env,uid=1")]
    [InlineData("db,mode=9")]
    [InlineData("db,mode=77777")]
    [InlineData("db,uid=-1")]
    [InlineData("db,color=red")]
    [InlineData("target=x,uid=1")]
    public void What_makes_no_sense_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => SecretParser.Parse(text)).Kind);
}
