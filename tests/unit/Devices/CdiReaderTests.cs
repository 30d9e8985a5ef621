using System.Text;
using System.Text.Json;
using Podsharp.Engine.Devices.Cdi;
using Podsharp.Engine.Json;
using Xunit;

namespace Podsharp.UnitTests.Devices;

public sealed class CdiReaderTests
{
    private const string Yaml = """
        cdiVersion: 0.5.0
        kind: acme.example/thing
        containerEdits:
          env: ["A=1", B=2]
        devices:
        - name: "0"
          containerEdits:
            deviceNodes:
            - path: /dev/acme
              type: c
              major: 9
              minor: 0x10
              fileMode: 0640
              uid: 5
            hooks:
            - hookName: createContainer
              path: /usr/bin/ctk
              args: [ctk, --folder, /usr/lib]
              timeout: 3
            mounts:
            - hostPath: /usr/lib/acme.so
              containerPath: /usr/lib/acme.so
              options: [ro, bind]
            intelRdt: {closID: fast}
            additionalGids: [0, 44]
        """;

    private static CdiSpec Read(string text, string path = "a.yaml") => CdiReader.Read(path, Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_specification_is_read()
    {
        var spec = Read(Yaml);
        Assert.Equal("acme.example/thing", spec.Kind);
        Assert.Equal(["A=1", "B=2"], spec.Edits.Environment);
        var edits = spec.Devices["0"];
        var node = Assert.Single(edits.Nodes);
        Assert.Equal(("/dev/acme", "/dev/acme", "c", 9L, 16L, 0x1A0u, 5u, "rwm"),
            (node.Path, node.HostPath, node.Type, node.Major, node.Minor, node.Mode, node.UserId, node.Permissions));
        var hook = Assert.Single(edits.Hooks);
        Assert.Equal(("createContainer", "/usr/bin/ctk", 3), (hook.Stage, hook.Hook.Path, hook.Hook.Timeout));
        Assert.Equal(["ctk", "--folder", "/usr/lib"], hook.Hook.Args);
        Assert.Equal(["ro", "bind"], Assert.Single(edits.Mounts).Options);
        Assert.Equal("fast", edits.RdtClass);
        Assert.Equal([44u], edits.Groups);
    }

    [Fact]
    public void Json_is_the_same()
    {
        var json = Encoding.UTF8.GetString(YamlDocument.ToJson(Encoding.UTF8.GetBytes(Yaml)));
        Assert.Equal(Read(Yaml).Devices["0"].Nodes, Read(json, "a.json").Devices["0"].Nodes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kind: [")]
    [InlineData("cdiVersion: 0.5.0")]
    [InlineData("cdiVersion: 7.0.0\nkind: a/b")]
    [InlineData("- a\n- b")]
    [InlineData("cdiVersion: 0.5.0\nkind: a/b\ndevices: [{name: x}, {name: x}]")]
    [InlineData("a: &a [1]\nb: *a")]
    public void What_is_none_is_refused(string text) => Assert.Throws<JsonException>(() => Read(text));

    [Theory]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: true\nb: 'true'", """{"a":true,"b":"true"}""")]
    [InlineData("a: 010\nb: 0o10\nc: 1.5\nd: 1.2.3\ne: -3", """{"a":8,"b":8,"c":1.5,"d":"1.2.3","e":-3}""")]
    [InlineData("a:\nb: ~\nc: \"\"", """{"a":null,"b":null,"c":""}""")]
    [InlineData("[{a: [1, [2]]}, x]", """[{"a":[1,[2]]},"x"]""")]
    [InlineData("a: |\n  one\n  two\n", """{"a":"one\ntwo\n"}""")]
    public void Scalars_have_the_types_of_the_core_schema(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(YamlDocument.ToJson(Encoding.UTF8.GetBytes(yaml))));
}
