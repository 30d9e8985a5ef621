using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.State;

/// <summary>The mapping by hand against System.Text.Json's own: a property that is added and forgotten there fails here.</summary>
public sealed class StateJsonTests
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() },
    };

    private static readonly ContainerConfig Bare = new() { Id = "i", Name = "n", Spec = new() };

    [Fact]
    public void Every_property_of_a_configuration_is_written_and_read() => Same(new RecordFiller().Fill<ContainerConfig>(), StateWriter.Write, StateReader.ReadConfig);

    [Fact]
    public void Every_property_of_a_run_is_written_and_read() => Same(new RecordFiller().Fill<ContainerRun>(), StateWriter.Write, StateReader.ReadRun);

    [Fact]
    public void Every_property_of_an_exec_is_written_and_read() => Same(new RecordFiller().Fill<ExecSpec>(), StateWriter.Write, StateReader.ReadExec);

    [Fact]
    public void What_is_not_set_is_written_and_read()
    {
        Same(Bare, StateWriter.Write, StateReader.ReadConfig);
        Same(new ContainerRun(), StateWriter.Write, StateReader.ReadRun);
        Same(new ExecSpec(), StateWriter.Write, StateReader.ReadExec);
    }

    [Fact]
    public void Labels_keep_their_order()
    {
        var labels = new Dictionary<string, string> { ["Z"] = "1", ["a"] = "ü<", ["B"] = "" };
        Assert.Equal(JsonSerializer.Serialize(labels, Options), StateWriter.Write(labels));
        Assert.Equal(labels, StateReader.ReadLabels(StateWriter.Write(labels)));
    }

    [Fact]
    public void Every_value_of_an_enumeration_has_a_name()
    {
        foreach (var kind in Enum.GetValues<NamespaceKind>()) Same(Bare with { Network = new(kind) }, StateWriter.Write, StateReader.ReadConfig);
        foreach (var policy in Enum.GetValues<PullPolicy>()) Same(Bare with { Spec = new() { PullPolicy = policy } }, StateWriter.Write, StateReader.ReadConfig);
        foreach (var kind in Enum.GetValues<RestartPolicyKind>()) Same(Bare with { Spec = new() { RestartPolicy = new(kind) } }, StateWriter.Write, StateReader.ReadConfig);
        foreach (var condition in Enum.GetValues<RequirementCondition>()) Same(Bare with { Spec = new() { Requires = [new("c", condition)] } }, StateWriter.Write, StateReader.ReadConfig);
        foreach (var action in Enum.GetValues<HealthAction>()) Same(Bare with { Health = new() { OnFailure = action }, Spec = new() { Health = new() { OnFailure = action } } }, StateWriter.Write, StateReader.ReadConfig);
        foreach (var type in Enum.GetValues<MountType>()) Same(Bare with { Mounts = [new() { Type = type, Target = "/" }] }, StateWriter.Write, StateReader.ReadConfig);
    }

    /// <summary>Rows of newer builds have more members, anywhere.</summary>
    [Fact]
    public void Unknown_members_are_passed_over()
    {
        var config = new RecordFiller().Fill<ContainerConfig>();
        var json = JsonNode.Parse(StateWriter.Write(config))!;
        Extend(json);
        Assert.Equal(RecordFiller.Show(config), RecordFiller.Show(StateReader.ReadConfig(json.ToJsonString())));
    }

    /// <summary>Rows of older builds have fewer.</summary>
    [Fact]
    public void Missing_members_have_their_defaults()
    {
        Assert.Equal(RecordFiller.Show(Bare), RecordFiller.Show(StateReader.ReadConfig("""{"id":"i","name":"n","spec":{}}""")));
        Assert.Equal(RecordFiller.Show(Bare), RecordFiller.Show(StateReader.ReadConfig("""{"id":"i","name":"n","spec":{"pullPolicy":null,"resources":null},"network":null,"labels":null}""")));
        Assert.Equal(RecordFiller.Show(new ContainerRun()), RecordFiller.Show(StateReader.ReadRun("{}")));
        Assert.Equal(RecordFiller.Show(new ExecSpec()), RecordFiller.Show(StateReader.ReadExec("{}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\":1,\"name\":\"n\",\"spec\":{}}")]
    [InlineData("{\"id\":\"i\",\"name\":\"n\",\"spec\":[]}")]
    [InlineData("{\"id\":\"i\",\"name\":\"n\",\"spec\":{\"pullPolicy\":\"Sometimes\"}}")]
    [InlineData("{\"id\":\"i\",\"name\":\"n\",\"spec\":{\"stopTimeout\":99999999999}}")]
    [InlineData("{\"id\":\"i\",\"name\":\"n\",\"spec\":{\"registry\":{\"retryDelay\":\"soon\"}}}")]
    public void What_no_build_wrote_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => StateReader.ReadConfig(json));

    [Fact]
    public void Any_text_and_number_comes_back()
    {
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<NonNull<string>, string[], long>((text, words, number) =>
        {
            // What is no UTF-16 can't be written, by System.Text.Json neither.
            if (words.Append(text.Get).Any(word => word is not null && word.Any(char.IsSurrogate))) return;
            Same(Bare with
            {
                Name = text.Get, Command = words, LogSizeMax = number, Labels = new Dictionary<string, string> { [text.Get] = text.Get },
                Spec = new() { Resources = new() { Cpus = number / 7.0, Memory = number }, Registry = new() { RetryDelay = TimeSpan.FromTicks(number) } },
            }, StateWriter.Write, StateReader.ReadConfig);
        }));
    }

    private static void Same<T>(T record, Func<T, string> write, Func<string, T> read) where T : class
    {
        var expected = JsonSerializer.Serialize(record, Options);
        Assert.Equal(expected, write(record));
        Assert.Equal(RecordFiller.Show(record), RecordFiller.Show(read(expected)));
    }

    private static void Extend(JsonNode node)
    {
        if (node is JsonArray array)
            foreach (var item in array.OfType<JsonNode>()) Extend(item);
        if (node is not JsonObject members || IsMap(members)) return;
        foreach (var (_, value) in members.ToList())
            if (value is not null) Extend(value);
        members.Insert(0, "newer", new JsonObject { ["id"] = 1 });
        members.Add("newest", new JsonArray(1, null, "x"));
    }

    // Members of dictionaries are what the user wrote.
    private static bool IsMap(JsonObject members) => members.ContainsKey("B");
}
