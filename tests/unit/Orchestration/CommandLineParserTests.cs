using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.UnitTests.Orchestration;

public sealed class CommandLineParserTests
{
    [Fact]
    public void Clusters_of_letters_take_a_value_at_their_end()
    {
        var line = Parse("run", "-itp8080:80", "-v", "a:/b", "alpine");
        Assert.True(line.Flag("interactive"));
        Assert.True(line.Flag("tty"));
        Assert.Equal(["8080:80"], line.List("publish"));
        Assert.Equal(["a:/b"], line.List("volume"));
        Assert.Equal(["alpine"], line.Arguments);
    }

    [Fact]
    public void Everything_behind_the_image_belongs_to_the_container()
    {
        var line = Parse("run", "--rm", "alpine", "ls", "-l", "--all");
        Assert.True(line.Flag("rm"));
        Assert.Equal(["alpine", "ls", "-l", "--all"], line.Arguments);
    }

    [Fact]
    public void Other_commands_take_options_anywhere()
    {
        var line = Parse("rm", "web", "-f", "db", "--time=3");
        Assert.True(line.Flag("force"));
        Assert.Equal(3, line.Number("time"));
        Assert.Equal(["web", "db"], line.Arguments);
    }

    [Theory]
    [InlineData("--rm=false", false)]
    [InlineData("--rm=0", false)]
    [InlineData("--rm=T", true)]
    [InlineData("--rm", true)]
    public void Flags_take_values_after_an_equals_sign_only(string word, bool expected) =>
        Assert.Equal(expected, Parse("run", word, "alpine").Flag("rm"));

    [Fact]
    public void A_bare_flag_does_not_take_the_next_word()
    {
        var line = Parse("run", "--rm", "false");
        Assert.True(line.Flag("rm"));
        Assert.Equal(["false"], line.Arguments);
    }

    [Fact]
    public void Two_dashes_end_the_options()
    {
        Assert.Equal(["-x", "--all"], Parse("rm", "--", "-x", "--all").Arguments);
        Assert.Equal(["alpine", "-x"], Parse("run", "--", "alpine", "-x").Arguments);
    }

    [Fact]
    public void Equals_signs_and_commas()
    {
        var line = Parse("run", "-e=A=b", "-eC=d=e", "--env", "F=g,h", "--cap-add=NET_ADMIN,SYS_TIME", "--cap-add", "MKNOD", "x");
        Assert.Equal(["A=b", "C=d=e", "F=g,h"], line.List("env"));
        Assert.Equal(["NET_ADMIN", "SYS_TIME", "MKNOD"], line.List("cap-add"));
    }

    [Fact]
    public void An_empty_word_is_no_value_of_a_list()
    {
        var line = Parse("update", "--publish", "", "x");
        Assert.True(line.Given("publish"));
        Assert.Empty(line.List("publish"));
    }

    [Fact]
    public void Quoted_commas_stay_together() =>
        Assert.Equal(["a,b", "c\"d"], OptionText.SplitCommas("\"a,b\",\"c\"\"d\""));

    [Fact]
    public void Hidden_spellings_and_bare_values()
    {
        Assert.Equal(["host"], Parse("run", "--net=host", "x").List("network"));
        Assert.Equal("never", Parse("run", "--pull=never", "x").Text("pull"));
        Assert.Equal(5, Parse("stop", "--timeout", "5", "x").Number("time"));
    }

    [Fact]
    public void The_last_of_a_repeated_option_counts() => Assert.Equal("b", Parse("run", "--name", "a", "--name=b", "x").Text("name"));

    [Theory]
    [InlineData("unknown flag: --frob", "run", "--frob", "x")]
    [InlineData("unknown shorthand flag: 'y' in -y", "run", "-ity", "x")]
    [InlineData("flag needs an argument: --name", "run", "--name")]
    [InlineData("flag needs an argument: 'e' in -e", "run", "-ie")]
    [InlineData("invalid argument \"foo\" for \"--rm\" flag: strconv.ParseBool: parsing \"foo\": invalid syntax", "run", "--rm=foo", "x")]
    [InlineData("invalid argument \"x\" for \"-t, --time\" flag: strconv.ParseInt: parsing \"x\": invalid syntax", "stop", "-t", "x", "y")]
    [InlineData("`podsharp ps` takes no arguments", "ps", "x")]
    [InlineData("requires at least 1 arg(s), only received 0", "run")]
    [InlineData("requires at least 2 arg(s), only received 1", "tag", "x")]
    public void Errors_are_pflags(string message, string command, params string[] words) =>
        Assert.Equal(message, Assert.Throws<CommandLineException>(() => Parse(command, words)).Message);

    [Fact]
    public void An_unknown_command_is_named() =>
        Assert.Equal("unrecognized command `podsharp frob`", Assert.Throws<CommandLineException>(() => CommandTable.Resolve(["frob"])).Message);

    [Theory]
    [InlineData("--source-policy-file", "policy.json")]
    public void Options_that_are_not_built_yet_are_refused(string option, string value) =>
        Assert.Contains("is not supported yet", Assert.Throws<CommandLineException>(() => Parse("build", option, value, ".")).Message);

    [Fact]
    public void Values_that_ask_for_what_is_done_anyway_are_taken()
    {
        Parse("run", "--restart", "no", "--userns=host", "--cgroups", "enabled", "--no-healthcheck", "x");
    }

    [Fact]
    public void Global_options_stand_before_the_command_or_within_it()
    {
        var (globals, next) = CommandLineParser.ParseGlobals(["--root", "/a", "--runtime=crun", "ps", "--log-level", "debug"]);
        Assert.Equal(3, next);
        CommandLineParser.Parse(CommandTable.Find("ps")!, "ps", ["--log-level", "debug", "-a"], globals);
        Assert.Equal("/a", globals.Text("root"));
        Assert.Equal("crun", globals.Text("runtime"));
        Assert.Equal("debug", globals.Text("log-level"));
    }

    [Fact]
    public void Help_is_asked_for_by_either_name_but_h_is_the_host_name_for_run()
    {
        Assert.True(Parse("ps", "-h").HelpWanted);
        Assert.True(Parse("run", "--help").HelpWanted);
        Assert.Equal("box", Parse("run", "-h", "box", "x").Text("hostname"));
    }

    [Fact]
    public void Every_command_is_found_by_each_of_its_paths_and_has_help_for_each_option()
    {
        foreach (var command in CommandTable.Commands)
        {
            foreach (var path in command.Paths)
                Assert.Same(command, CommandTable.Find(path));
            Assert.NotEmpty(command.Summary);
            var names = command.Options.SelectMany(o => o.Aliases.Append(o.Name)).ToList();
            Assert.Equal(names.Count, names.Distinct().Count());
            var letters = command.Options.Where(o => o.Short != '\0').Select(o => o.Short).ToList();
            Assert.Equal(letters.Count, letters.Distinct().Count());
            Assert.All(command.Options, o => Assert.NotEmpty(o.Help));
            Assert.All(command.Options.Where(o => o.Kind == OptionKind.Number && o.Default is not null), o => long.Parse(o.Default!));
            Assert.NotEmpty(HelpPage.Command(command, command.Paths[0]));
        }
    }

    [Fact]
    public void Run_knows_the_options_that_podman_has()
    {
        var command = CommandTable.Find("run")!;
        Assert.True(command.Options.Count >= 150);
        foreach (var name in new[] { "net", "dns-opt", "healthcheck-interval", "uidmap", "pod", "secret", "sdnotify", "blkio-weight", "init", "platform" })
            Assert.NotNull(command.FindOption(name));
    }

    [Theory]
    [InlineData("", "run")]
    [InlineData("container", "exec")]
    [InlineData("run --pul", "--pull")]
    [InlineData("run --pull=", "always")]
    [InlineData("--log-level ", "debug")]
    [InlineData("completion ", "zsh")]
    public void Completion_offers(string typed, string expected)
    {
        var words = (typed.Length == 0 ? "" : typed.EndsWith("container", StringComparison.Ordinal) ? typed + " " : typed).Split(' ');
        Assert.Contains(expected, CompletionRequest.Create(words).Words.Select(w => w.Word));
    }

    [Theory]
    [InlineData(CompletionKind.Image, "run", "-it", "")]
    [InlineData(CompletionKind.None, "run", "alpine", "")]
    [InlineData(CompletionKind.Network, "run", "--network", "")]
    [InlineData(CompletionKind.Network, "run", "-it", "--network=")]
    [InlineData(CompletionKind.Signal, "kill", "-s", "")]
    [InlineData(CompletionKind.RunningContainer, "container", "stop", "")]
    [InlineData(CompletionKind.Capability, "create", "--cap-add", "NET_ADMIN,")]
    public void Completion_knows_kinds(CompletionKind kind, params string[] words) => Assert.Equal(kind, CompletionRequest.Create(words).Kind);

    internal static ParsedCommand Parse(string command, params string[] words)
    {
        var (globals, _) = CommandLineParser.ParseGlobals([]);
        return CommandLineParser.Parse(CommandTable.Find(command)!, command, words, globals);
    }
}
