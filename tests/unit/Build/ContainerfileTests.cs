using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public class ContainerfileTests
{
    private static Containerfile Parse(string text) => Containerfile.Parse(text, "Containerfile");

    private static T One<T>(string line)
        where T : Instruction => Assert.IsType<T>(Parse("FROM scratch\n" + line).Instructions[1]);

    private static string Refusal(string text)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Parse(text));
        Assert.Equal("InvalidContainerfile", error.ErrorId);
        return error.Message;
    }

    [Fact]
    public void Lines_go_on_over_comments_and_empty_lines_and_keep_their_blanks()
    {
        var file = Parse("# a comment\n\n  from busybox\nRUN a && \\\n  # between\n\n    b \\  \n#c\n&& c\n\nCMD x");
        Assert.Equal(["FROM", "RUN", "CMD"], file.Instructions.Select(instruction => instruction.Keyword));
        Assert.Equal("from busybox", file.Instructions[0].Original);
        Assert.Equal("RUN a &&     b && c", file.Instructions[1].Original);
        Assert.Equal((4, 9), (file.Instructions[1].Line, file.Instructions[1].EndLine));
        Assert.Equal(["Containerfile:6: an empty line within an instruction is passed over"], file.Warnings);
        Assert.Equal("Containerfile:11", file.Instructions[2].Place);
    }

    [Fact]
    public void Carriage_returns_and_a_mark_of_the_byte_order_count_for_nothing()
    {
        var file = Parse("\uFEFFFROM a\r\nRUN x \\\r\n  y\r\nCOPY <<E /z\r\none\r\nE\r\n");
        Assert.Equal("RUN x   y", file.Instructions[1].Original);
        Assert.Equal("one\n", file.Instructions[2].Heredocs[0].Content);
    }

    [Fact]
    public void Directives_stand_at_the_top_only()
    {
        var file = Parse("# syntax=docker/dockerfile:1\n#check = skip=all\n# ESCAPE=`\nFROM a\nRUN x `\n y\nRUN c:\\");
        Assert.Equal(new Directives("docker/dockerfile:1", '`', "skip=all"), file.Directives);
        Assert.Equal("RUN x  y", file.Instructions[1].Original);
        Assert.Equal("RUN c:\\", file.Instructions[2].Original);
        Assert.Equal('\\', Parse("# words\n# escape=`\nFROM a").Directives.Escape);
        Assert.Equal('\\', Parse("\n# escape=`\nFROM a").Directives.Escape);
    }

    [Theory]
    [InlineData("# escape=x\nFROM a", "Containerfile:1: \"x\" can't be the escape character")]
    [InlineData("# escape=`\n# escape=\\\nFROM a", "Containerfile:2: the directive escape is given twice")]
    [InlineData("", "Containerfile: there is no FROM in it")]
    [InlineData("ARG a", "Containerfile: there is no FROM in it")]
    [InlineData("ARG a\nRUN b\nFROM c", "Containerfile:2: RUN stands before the first FROM")]
    [InlineData("FROM", "FROM takes one argument")]
    [InlineData("FROM a b", "FROM takes one argument")]
    [InlineData("FROM a IS b", "FROM takes one argument")]
    [InlineData("FROM a\n\nRUNN x", "Containerfile:3: unknown instruction RUNN: did you mean RUN?")]
    [InlineData("FROM a\nENTRYPOIN x", "did you mean ENTRYPOINT?")]
    [InlineData("FROM a\n&& b", "unknown instruction &&: an instruction that goes on")]
    [InlineData("FROM a\nRUN", "RUN has no command")]
    [InlineData("FROM a\nRUN []", "RUN has no command")]
    [InlineData("FROM a\nRUN [1]", "a list may hold nothing but strings")]
    [InlineData("FROM a\nRUN --foo=x y", "RUN has no flag --foo: there are --mount, --network, --security, --device")]
    [InlineData("FROM --foo a", "FROM has no flag --foo: there are --platform, --after")]
    [InlineData("FROM a\nCMD --foo", "CMD has no flag --foo")]
    [InlineData("FROM a\nRUN --network= y", "RUN --network has no value: write --network=VALUE")]
    [InlineData("FROM a\nRUN --mount x y", "RUN --mount has no value")]
    [InlineData("FROM a\nCOPY --parents=maybe b c", "COPY --parents is true or false")]
    [InlineData("FROM a\nCOPY b", "COPY takes at least two arguments")]
    [InlineData("FROM a\nCOPY b <<X\nX", "the destination of COPY can't be a here-document")]
    [InlineData("FROM a\nCOPY \"b c", "a quote of COPY is not closed")]
    [InlineData("FROM a\nADD --from=x b c", "ADD has no flag --from")]
    [InlineData("FROM a\nRUN <<X\nabc", "Containerfile:2: the here-document X has no end: a line must hold nothing but X")]
    [InlineData("FROM a\nENV", "ENV takes at least one argument")]
    [InlineData("FROM a\nENV b", "ENV b has no value: write ENV NAME=VALUE")]
    [InlineData("FROM a\nENV b=c d", "ENV \"d\" is not NAME=VALUE")]
    [InlineData("FROM a\nENV b=\"c", "a quote of ENV is not closed")]
    [InlineData("FROM a\nLABEL =c", "LABEL \"=c\" is not NAME=VALUE")]
    [InlineData("FROM a\nARG =c", "ARG \"=c\" has no name")]
    [InlineData("FROM a\nSHELL /bin/sh -c", "SHELL takes a list")]
    [InlineData("FROM a\nSHELL []", "SHELL takes a list")]
    [InlineData("FROM a\nEXPOSE", "EXPOSE takes at least one argument")]
    [InlineData("FROM a\nVOLUME", "VOLUME takes at least one argument")]
    [InlineData("FROM a\nUSER", "USER takes one argument")]
    [InlineData("FROM a\nONBUILD", "ONBUILD has no instruction")]
    [InlineData("FROM a\nONBUILD ONBUILD RUN x", "ONBUILD ONBUILD is not allowed")]
    [InlineData("FROM a\nONBUILD from x", "ONBUILD FROM is not allowed")]
    [InlineData("FROM a\nONBUILD RUNN x", "unknown instruction RUNN")]
    [InlineData("FROM a\nHEALTHCHECK", "HEALTHCHECK has no argument")]
    [InlineData("FROM a\nHEALTHCHECK x", "HEALTHCHECK X is not known")]
    [InlineData("FROM a\nHEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments")]
    [InlineData("FROM a\nHEALTHCHECK CMD", "HEALTHCHECK CMD has no command")]
    [InlineData("FROM a\nHEALTHCHECK --interval=-1s CMD x", "HEALTHCHECK --interval=-1s is not a positive time")]
    [InlineData("FROM a\nHEALTHCHECK --timeout=5 CMD x", "HEALTHCHECK --timeout=5 is not a positive time")]
    [InlineData("FROM a\nHEALTHCHECK --retries=x CMD x", "HEALTHCHECK --retries=x is not a number")]
    public void What_is_wrong_is_said_with_its_place(string text, string message) => Assert.Contains(message, Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void From_has_a_name_a_platform_and_stages_before_it()
    {
        var file = Parse("ARG V=1\nFROM --platform=$BUILDPLATFORM base:${V} As Build\nFROM --after=build scratch");
        Assert.Equal(("base:${V}", "Build", "$BUILDPLATFORM"), file.Instructions[1] is FromInstruction from ? (from.Image, from.Name, from.Platform) : default);
        Assert.Equal(["build"], Assert.IsType<FromInstruction>(file.Instructions[2]).After);
    }

    [Fact]
    public void A_command_is_a_list_or_for_the_shell()
    {
        Assert.Equal("[false: echo|a b]", Form(One<RunInstruction>("RUN [\"echo\", \"a b\"]").Command));
        Assert.Equal("[true: echo \"a b\"  c]", Form(One<RunInstruction>("RUN   echo \"a b\"  c  ").Command));
        Assert.Equal("[true: [ -f x ] && y]", Form(One<RunInstruction>("RUN [ -f x ] && y").Command));
        Assert.Equal("[true: [\"a\"] && b]", Form(One<RunInstruction>("RUN [\"a\"] && b").Command));
        Assert.Equal("[false: ]", Form(One<CmdInstruction>("CMD []").Command));
        Assert.Equal("[true: x $HOME]", Form(One<EntrypointInstruction>("ENTRYPOINT x $HOME").Command));
        Assert.Equal(["Containerfile:2: a list has double quotes: ['a'] goes to the shell as it is"], Parse("FROM a\nCMD ['a']").Warnings);

        static string Form(CommandForm form) => $"[{(form.Shell ? "true" : "false")}: {string.Join('|', form.Arguments)}]";
    }

    [Fact]
    public void Flags_end_where_the_command_begins()
    {
        var run = One<RunInstruction>("RUN --mount=type=cache,target=/c --mount=\"type=bind,target=/a b\" --network=none -- --x");
        Assert.Equal(["type=cache,target=/c", "type=bind,target=/a b"], run.Mounts);
        Assert.Equal(("none", "--x"), (run.Network, run.Command.Arguments[0]));
    }

    [Fact]
    public void Copy_has_sources_a_destination_and_flags()
    {
        var copy = One<CopyInstruction>("COPY --from=x --chown=1:$G --chmod=644 --link --parents --exclude=*.a --exclude=b c d e/");
        Assert.Equal(["c", "d"], copy.Sources);
        Assert.Equal(["*.a", "b"], copy.Excludes);
        Assert.Equal(("e/", "x", "1:$G", "644", true, true), (copy.Destination, copy.From, copy.Chown, copy.Chmod, copy.Link, copy.Parents));
        Assert.Equal(["a b"], One<CopyInstruction>("COPY [\"a b\", \"/c\"]").Sources);
        var add = One<CopyInstruction>("ADD --checksum=sha256:1 --keep-git-dir=true --link=false --unpack=false http://x/y /z");
        Assert.Equal(("ADD", "sha256:1", true, false, false), (add.Keyword, add.Checksum, add.KeepGitDirectory, add.Link, add.Unpack));
    }

    [Fact]
    public void Here_documents_are_read_in_order_and_are_no_sources()
    {
        var file = Parse("FROM a\nCOPY f <<A.txt <<-'B C' /d/\n$x\n\ta\nA.txt\n\t\tb $y\n\tB C\nRUN 3<<EOF cat <<\"E\"\none\nEOF\ntwo\nE\nCMD z");
        var copy = Assert.IsType<CopyInstruction>(file.Instructions[1]);
        Assert.Equal(["f"], copy.Sources);
        Assert.Equal([new("A.txt", "$x\n\ta\n", true, false, 0), new("B C", "b $y\n", false, true, 0)], copy.Heredocs);
        Assert.Equal((2, 7), (copy.Line, copy.EndLine));
        Assert.Equal([new("EOF", "one\n", true, false, 3), new("E", "two\n", false, false, 0)], file.Instructions[2].Heredocs);
        Assert.Equal("CMD", file.Instructions[3].Keyword);
    }

    [Theory]
    [InlineData("RUN cat <<<x")]
    [InlineData("RUN cat << x")]
    [InlineData("RUN echo \"<<x\"")]
    [InlineData("RUN echo $((1<<x))")]
    [InlineData("RUN echo it's <<x")]
    [InlineData("RUN [\"cat\", \"<<x\"]")]
    [InlineData("CMD cat <<x")]
    public void What_only_looks_like_a_here_document_is_none(string line) => Assert.Empty(Parse("FROM scratch\n" + line).Instructions[1].Heredocs);

    [Fact]
    public void A_trigger_keeps_its_here_document()
    {
        var file = Parse("FROM a\nONBUILD RUN <<-E\n\tx\n\tE\nonbuild COPY b c");
        Assert.Equal("RUN <<-E\nx\nE", Assert.IsType<OnbuildInstruction>(file.Instructions[1]).Trigger);
        var triggers = Containerfile.ParseTriggers(file.Instructions.OfType<OnbuildInstruction>().Select(onbuild => onbuild.Trigger), "base");
        Assert.Equal(["RUN", "COPY"], triggers.Select(trigger => trigger.Keyword));
        Assert.Equal("x\n", triggers[0].Heredocs[0].Content);
        Assert.Throws<ContainerEngineException>(() => Containerfile.ParseTriggers(["FROM x"], "base"));
    }

    [Fact]
    public void Variables_and_labels_keep_their_quotes()
    {
        Assert.Equal(Pairs(("a", "b"), ("c", "\"d e\""), ("f", "g\\ h"), ("i", "")), One<EnvInstruction>("ENV a=b c=\"d e\"  f=g\\ h i=").Variables);
        Assert.Equal(Pairs(("name", "the rest  of \"it\"=x")), One<EnvInstruction>("ENV name   the rest  of \"it\"=x").Variables);
        Assert.Equal(Pairs(("\"a b\"", "'c'")), One<LabelInstruction>("LABEL \"a b\"='c'").Labels);
        Assert.Equal([new("a", null), new("b", "c"), new("d", "\"e f\""), new("g", "\"h i\"")], One<ArgInstruction>("ARG a b=c d=\"e f\" \"g=h i\"").Arguments);

        static KeyValuePair<string, string>[] Pairs(params (string Name, string Value)[] pairs) => [.. pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))];
    }

    [Fact]
    public void A_health_check_has_times_and_a_test_or_none()
    {
        var check = One<HealthcheckInstruction>("HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --start-interval=0s --retries=4 CMD curl x || exit 1");
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), null, 4),
            (check.Interval, check.Timeout, check.StartPeriod, check.StartInterval, check.Retries));
        Assert.Equal((true, "curl x || exit 1"), (check.Test!.Shell, check.Test.Arguments[0]));
        Assert.Equal(["a", "b"], One<HealthcheckInstruction>("HEALTHCHECK cmd [\"a\", \"b\"]").Test!.Arguments);
        Assert.Null(One<HealthcheckInstruction>("HEALTHCHECK none").Test);
    }

    [Fact]
    public void The_others_take_words_or_the_whole_line()
    {
        Assert.Equal(["80", "$p/udp"], One<ExposeInstruction>("EXPOSE 80  $p/udp").Ports);
        Assert.Equal(["/a", "/b"], One<VolumeInstruction>("VOLUME /a /b").Paths);
        Assert.Equal(["/a b"], One<VolumeInstruction>("VOLUME [\"/a b\"]").Paths);
        Assert.Equal(["/bin/bash", "-c"], One<ShellInstruction>("SHELL [\"/bin/bash\", \"-c\"]").Arguments);
        Assert.Equal("/a  b", One<WorkdirInstruction>("WORKDIR /a  b ").Path);
        Assert.Equal("1:2", One<UserInstruction>("USER 1:2").User);
        Assert.Equal("SIGINT", One<StopsignalInstruction>("STOPSIGNAL SIGINT").Signal);
        Assert.Equal("A B <c@d>", One<MaintainerInstruction>("MAINTAINER A B <c@d>").Name);
    }

    [Fact]
    public void A_second_file_goes_on_where_the_first_ends()
    {
        var file = Containerfile.Parse([("a", "FROM x\nRUN 1"), ("b", "RUN 2\nFROM y")]);
        Assert.Equal(["a:1", "a:2", "b:1", "b:2"], file.Instructions.Select(instruction => instruction.Place));
        Assert.Throws<ContainerEngineException>(() => Containerfile.Parse([("a", "FROM x"), ("b", "# escape=`\nFROM y")]));
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused()
    {
        // Pieces of the language in no order: nothing but our own error may come out.
        var random = new Random(5);
        string[] pieces = ["FROM a\n", "RUN ", "<<E", "\nE\n", "COPY ", "\\\n", "# escape=`\n", "\"", "'", "[\"a\"]", " ", "${", "}", "--mount=", "ENV ", "=", "\t", "\r\n", "ONBUILD ", "x"];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                Parse(text);
            }
            catch (ContainerEngineException error)
            {
                Assert.Equal("InvalidContainerfile", error.ErrorId);
            }
        }
    }
}
