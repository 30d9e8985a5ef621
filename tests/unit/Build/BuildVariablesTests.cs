using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public class BuildVariablesTests
{
    private static BuildVariables Run(string text, (string Name, string Value)[]? given = null, string[]? environment = null)
    {
        var file = Containerfile.Parse(text, "f");
        var globals = new GlobalVariables(file, (given ?? []).ToDictionary(pair => pair.Name, pair => pair.Value), new("linux", "arm64", "v8"), new("linux", "amd64"));
        var variables = new BuildVariables(globals, environment ?? []);
        Apply(variables, file.Instructions.SkipWhile(instruction => instruction is not FromInstruction));
        return variables;
    }

    private static void Apply(BuildVariables variables, IEnumerable<Instruction> instructions)
    {
        foreach (var instruction in instructions)
        {
            if (instruction is ArgInstruction argument)
                variables.Declare(argument);
            else if (instruction is EnvInstruction environment)
                variables.Set(environment);
        }
    }

    [Fact]
    public void Env_wins_over_arg_and_the_caller_over_defaults()
    {
        var variables = Run("FROM x\nARG a=1\nARG b=2\nENV b=3 c=$a$b\nARG b=4\nARG d=$b", [("a", "9")]);
        Assert.Equal(("9", "3", "92", "3"), (variables.Value("a"), variables.Value("b"), variables.Value("c"), variables.Value("d")));
        Assert.Equal(["b=3", "c=92"], variables.Environment);
        Assert.Equal(["a=9", "d=3", "b=3", "c=92"], variables.RunEnvironment);
        Assert.Equal(["a=9", "b=3", "d=3"], variables.RunArguments);
        Assert.Equal(["a", "b", "d"], variables.ArgumentNames);
    }

    [Fact]
    public void What_the_file_declares_is_seen_where_the_stage_declares_it_too()
    {
        var variables = Run("ARG g=1\nARG h\nARG i=$g\nFROM x\nARG g\nARG h", [("h", "2"), ("j", "3")]);
        Assert.Equal(("1", "2", null, null), (variables.Value("g"), variables.Value("h"), variables.Value("i"), variables.Value("j")));
        Assert.Equal("1", Run("ARG g=1\nARG i=$g\nFROM x\nARG i").Value("i"));
        Assert.Equal("2", Run("ARG g=1\nFROM x\nARG g=2").Value("g"));
        Assert.Null(Run("FROM x\nARG g").Value("g"));
        Assert.Empty(Run("FROM x\nARG g").ArgumentNames);
    }

    [Fact]
    public void All_of_a_line_see_what_was_before_it()
    {
        var variables = Run("FROM x\nENV a=1\nENV a=2 b=$a\nARG c=3 d=$c");
        Assert.Equal(("2", "1", ""), (variables.Value("a"), variables.Value("b"), variables.Value("d")));
    }

    [Fact]
    public void Platforms_are_seen_where_they_are_declared()
    {
        var variables = Run("FROM x\nARG TARGETPLATFORM TARGETVARIANT\nARG BUILDARCH=none\nENV p=$TARGETPLATFORM q=$TARGETOS");
        Assert.Equal(("linux/arm64/v8", "v8", "amd64", ""), (variables.Value("p"), variables.Value("TARGETVARIANT"), variables.Value("BUILDARCH"), variables.Value("q")));
        Assert.Contains("f:2: TARGETPLATFORM can't have a default", Assert.Throws<ContainerEngineException>(() => Run("FROM x\nARG TARGETPLATFORM=y")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Proxies_need_no_declaration_and_leave_no_trace_without_one()
    {
        var variables = Run("FROM x", [("http_proxy", "p"), ("other", "o")]);
        Assert.Equal(["http_proxy=p"], variables.RunEnvironment);
        Assert.Empty(variables.RunArguments);
        Assert.Equal(["http_proxy=p"], Run("FROM x\nARG http_proxy", [("http_proxy", "p")]).RunArguments);
    }

    [Fact]
    public void The_base_images_variables_come_first_and_keep_their_place()
    {
        var variables = Run("FROM x\nENV B=2 PATH=$PATH:/x", environment: ["PATH=/bin", "A=1=2", "EMPTY"]);
        Assert.Equal(["PATH=/bin:/x", "A=1=2", "EMPTY=", "B=2"], variables.Environment);
    }

    [Fact]
    public void A_stage_inherits_the_arguments_of_the_stage_that_it_begins_from()
    {
        var file = Containerfile.Parse("FROM x AS a\nARG v=1\nFROM a", "f");
        var globals = new GlobalVariables(file, new Dictionary<string, string>(), new("linux", "arm64"), new("linux", "amd64"));
        var first = new BuildVariables(globals, []);
        Apply(first, file.Instructions);
        Assert.Equal("1", new BuildVariables(globals, [], first).Value("v"));
    }

    [Fact]
    public void Errors_name_the_instruction()
    {
        var error = Assert.Throws<ContainerEngineException>(() => Run("FROM x\n\nENV a=${b:?needed}"));
        Assert.Equal(("InvalidSubstitution", "f:3"), (error.ErrorId, error.Target));
        Assert.StartsWith("f:3: \"${b:?needed}\" can't be expanded: b is not set: needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_documents_are_expanded_unless_their_name_is_quoted()
    {
        var variables = Run("FROM x\nENV a=1");
        var copy = Containerfile.Parse("FROM x\nCOPY <<A <<'B' /\n$a it's\nA\n$a\nB", "f").Instructions[1];
        Assert.Equal(["1 it's\n", "$a\n"], copy.Heredocs.Select(heredoc => variables.Expand(copy, heredoc)));
    }
}
