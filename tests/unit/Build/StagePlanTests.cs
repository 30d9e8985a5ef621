using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public class StagePlanTests
{
    private static readonly ImagePlatform Arm = new("linux", "arm64", "v8");
    private static readonly ImagePlatform Host = new("linux", "amd64");

    private static GlobalVariables Globals(Containerfile file, params (string Name, string Value)[] given) =>
        new(file, given.ToDictionary(pair => pair.Name, pair => pair.Value), Arm, Host);

    private static StagePlan Plan(string text, string? target = null, bool skipUnused = true, (string, string)[]? given = null, string[]? contexts = null)
    {
        var file = Containerfile.Parse(text, "Containerfile");
        var globals = Globals(file, given ?? []);
        return StagePlan.Create(file, target, skipUnused, globals.Value, globals.Given, contexts);
    }

    private static IEnumerable<int> Indexes(StagePlan plan) => plan.Stages.Select(stage => stage.Index);

    [Fact]
    public void Stages_that_the_target_needs_are_built_in_order()
    {
        const string text = """
            FROM a AS one
            FROM b AS two
            COPY --from=ONE /x /x
            FROM c AS unused
            FROM two
            RUN --mount=type=bind,from=4,target=/m --mount=from=0,target=/n x
            FROM d
            COPY --from=3 /y /y
            COPY --from=image /z /z
            """;
        Assert.Equal([0, 1, 3, 4], Indexes(Plan(text)));
        Assert.Equal([0, 1, 2, 3, 4], Indexes(Plan(text, skipUnused: false)));
        Assert.Equal([0, 1], Indexes(Plan(text, "Two")));
        Assert.Equal([2], Indexes(Plan(text, "2")));
        var plan = Plan(text);
        Assert.Equal((1, "two"), (plan.Stages[2].BaseStage, plan.Stages[2].BaseImage));
        Assert.Equal([0, 1], plan.Stages[2].Dependencies);
        Assert.Equal((null, "d"), (plan.Stages[3].BaseStage, plan.Stages[3].BaseImage));
        Assert.Equal(["COPY", "COPY"], plan.Stages[3].Instructions.Select(instruction => instruction.Keyword));
    }

    [Fact]
    public void A_name_means_the_last_stage_before_and_no_later_one()
    {
        var plan = Plan("FROM a AS x\nFROM b AS x\nFROM x AS y\nCOPY --from=z / /\nFROM c AS z", "y");
        Assert.Equal([1, 2], Indexes(plan));
        Assert.Equal([2], Indexes(Plan("FROM a\nFROM b\nFROM --platform=linux/arm64 2")));
    }

    [Fact]
    public void A_context_comes_before_a_stage_of_its_name()
    {
        Assert.Equal([1], Indexes(Plan("FROM a AS x\nFROM x\nCOPY --from=x / /", contexts: ["x"])));
        Assert.Null(Plan("FROM a AS x\nFROM x", contexts: ["x"]).Stages[0].BaseStage);
    }

    [Fact]
    public void Images_platforms_and_names_are_expanded()
    {
        const string text = "ARG TAG=1\nARG NAME=img:$TAG\nFROM --platform=$BUILDPLATFORM $NAME AS s-$TAGS\nFROM s-$TAG AS last\nARG FROM=s-1\nCOPY --from=$FROM / /";
        var plan = Plan(text.Replace("$TAGS", "${TAG}", StringComparison.Ordinal));
        Assert.Equal(("img:1", "s-1", "linux/amd64"), (plan.Stages[0].BaseImage, plan.Stages[0].Name, plan.Stages[0].Platform));
        Assert.Equal(0, plan.Stages[1].BaseStage);
        Assert.Equal([0], plan.Stages[1].Dependencies);
        Assert.Equal("img:2", Plan("ARG TAG=1\nFROM img:$TAG", given: [("TAG", "2")]).Stages[0].BaseImage);
        Assert.Equal("arm64-linux", Plan("FROM ${TARGETARCH}-$TARGETOS").Stages[0].BaseImage);
        Assert.Equal([1], Indexes(Plan("FROM a AS b\nFROM c\nARG F=b\nCOPY --from=$F / /", given: [("F", "elsewhere")])));
    }

    [Theory]
    [InlineData("FROM $X", "Containerfile:1: FROM $X names no image: declare ARG X before the first FROM")]
    [InlineData("FROM a\nARG X=b\nFROM $X", "Containerfile:3: FROM $X names no image")]
    [InlineData("FROM ${X:?nothing}", "Containerfile:1: \"${X:?nothing}\" can't be expanded: X is not set: nothing")]
    [InlineData("FROM a\nFROM --after=b c", "Containerfile:2: there is no stage \"b\" before this one")]
    public void What_is_wrong_is_said_with_its_place(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ContainerEngineException>(() => Plan(text, given: [("Y", "z")])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_target_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<ContainerEngineException>(() => Plan("FROM a AS one\nFROM b AS two", "three"));
        Assert.Equal(("BuildTargetNotFound", "there is no stage \"three\": there are one, two"), (error.ErrorId, error.Message));
        Assert.Contains("numbers 0 to 1", Assert.Throws<ContainerEngineException>(() => Plan("FROM a\nFROM b", "2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_before_one_are_those_it_names_after() => Assert.Equal([0, 1], Indexes(Plan("FROM a AS x\nFROM --after=x b")));

    [Fact]
    public void Variables_and_labels_of_the_caller_are_instructions_that_mean_what_they_say()
    {
        var variables = Assert.IsType<EnvInstruction>(Assert.Single(GivenInstructions.Environment(new Dictionary<string, string> { ["E"] = "it's $y \\n\n" })));
        Assert.Equal("it's $y \\n\n", WordExpansion.Expand(variables.Variables[0].Value, _ => "other", '\\'));
        var labels = Assert.Single(GivenInstructions.Labels(new Dictionary<string, string> { ["l"] = "a \"b\"", ["m"] = "" }));
        Assert.Equal("LABEL \"l\"=\"a \\\"b\\\"\" \"m\"=\"\"", labels.Original);
        Assert.Empty(GivenInstructions.Environment(EmptyDictionary.Strings));
        Assert.Empty(GivenInstructions.Labels(EmptyDictionary.Strings));
    }

    [Fact]
    public void What_is_given_and_not_asked_for_is_told_and_what_is_missing_too()
    {
        var file = Containerfile.Parse("ARG G=1\nARG H\nFROM a\nARG G\nARG I=\nARG J=1\nARG TARGETARCH\nARG HTTP_PROXY\nFROM b\nARG J K", "f");
        var globals = Globals(file, ("K", "1"), ("z", ""), ("Y", ""), ("http_proxy", "p"), ("TARGETOS", "x"), ("SOURCE_DATE_EPOCH", "0"));
        Assert.Equal(["Y", "z"], globals.Unused);
        Assert.Equal(["I"], globals.Missing(StagePlan.Create(file, null, false, globals.Value).Stages));
    }
}
