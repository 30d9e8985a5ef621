using System.Text;
using Podsharp.Engine.Hooks;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Hooks;

public sealed class HookReaderTests
{
    private static HookDefinition Read(string when, string stages = "\"prestart\"") => HookReader.Read("/h.json",
        Encoding.UTF8.GetBytes($$"""{"version":"1.0.0","hook":{"path":"/bin/sh","args":["sh"],"timeout":5},"when":{{when}},"stages":[{{stages}}]}"""));

    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void All_conditions_must_be_met()
    {
        var note = new Dictionary<string, string> { ["org.note"] = "yes" };
        Assert.True(Read("""{"always":true}""").Applies("/x", None, false));
        Assert.False(Read("""{"always":false}""").Applies("/x", None, false));
        Assert.True(Read("""{"commands":["^/x","^/y"]}""").Applies("/y", None, false));
        Assert.False(Read("""{"commands":["^/x$"]}""").Applies("/xy", None, false));
        Assert.True(Read("""{"annotations":{"note$":"^y"}}""").Applies("/x", note, false));
        Assert.False(Read("""{"annotations":{"note$":"^n"}}""").Applies("/x", note, false));
        Assert.True(Read("""{"hasBindMounts":true}""").Applies("/x", None, true));
        Assert.False(Read("""{"always":true,"hasBindMounts":true}""").Applies("/x", None, false));
        Assert.False(Read("""{"commands":["x"],"annotations":{"a":"b"}}""").Applies("/x", None, false));
    }

    [Theory]
    [InlineData("{}", "\"prestart\"")]
    [InlineData("""{"always":true}""", "")]
    [InlineData("""{"always":true}""", "\"never\"")]
    [InlineData("""{"commands":["("]}""", "\"prestart\"")]
    [InlineData("3", "\"prestart\"")]
    public void What_is_none_is_refused(string when, string stages) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Read(when, stages)).Kind);

    [Fact]
    public void Hooks_are_sorted_into_their_stages()
    {
        var hook = Read("""{"always":true}""").Hook;
        var hooks = StagedHook.ToOci([new("poststop", hook), new("prestart", hook), new("poststop", hook with { Path = "/b" })])!;
        Assert.Equal([hook], hooks.Prestart!);
        Assert.Equal(["/bin/sh", "/b"], hooks.Poststop!.Select(item => item.Path));
        Assert.Null(hooks.CreateContainer);
        Assert.Null(StagedHook.ToOci([]));
    }
}
