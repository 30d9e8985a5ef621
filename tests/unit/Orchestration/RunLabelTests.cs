using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.UnitTests.Orchestration;

public class RunLabelTests
{
    private static IReadOnlyList<string> Read(string text, string? name = null, params string[] arguments) => new RunLabel
    {
        Label = "RUN",
        ImageName = "app",
        Name = name,
        Arguments = arguments,
        Variables = new Dictionary<string, string> { ["PWD"] = "/here", ["OPT1"] = "-d -p 80", ["OPT2"] = "" },
    }.Read(new ContainerImageDetail
    {
        Image = new ContainerImage { Id = new string('a', 64) },
        Config = new ImageConfig { Labels = new Dictionary<string, string> { ["run"] = text } },
        NamesHistory = ["localhost/app:1"],
    });

    [Theory]
    [InlineData("podman run --name NAME IMAGE", "podman|run|--name|app|localhost/app:1")]
    [InlineData("podman run -e N=$NAME -e IMAGE=IMAGE -e X=${NAME}-IMAGE IMAGE", "podman|run|-e|N=app|-e|IMAGE=localhost/app:1|-e|X=app-IMAGE|localhost/app:1")]
    [InlineData("docker run ${OPT1} $OPT2 -v $PWD/x:/x IMAGE sh -c 'echo \"a  b\"'", "docker|run|-d|-p|80|-v|/here/x:/x|localhost/app:1|sh|-c|echo \"a  b\"")]
    [InlineData("x $UNKNOWN $ ${open", "x|$|${open")]
    public void Names_and_variables_are_filled_in(string text, string words) => Assert.Equal(words, string.Join('|', Read(text)));

    [Fact]
    public void Names_and_arguments_may_be_given() => Assert.Equal(["podman", "run", "--name", "other", "a b"], Read("podman run --name NAME", "other", "a b"));

    [Fact]
    public void A_label_that_is_not_there_is_named() => Assert.Equal("LabelNotFound", Assert.Throws<ContainerEngineException>(() => Read(" ")).ErrorId);

    [Theory]
    [InlineData("a  'b c' \"d \\\" e\" f\\ g '' \"h\\n\"", "a|b c|d \" e|f g||h\\n")]
    [InlineData("  ", "")]
    [InlineData("a\tb\nc", "a|b|c")]
    public void Words_are_split_as_by_a_shell(string text, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(text)));

    [Fact]
    public void An_open_quote_is_refused() => Assert.Throws<ContainerEngineException>(() => ShellWords.Split("a 'b"));
}
