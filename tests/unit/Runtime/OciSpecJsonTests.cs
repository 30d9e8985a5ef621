using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Engine.Runtime;
using Xunit;

namespace Podsharp.UnitTests.Runtime;

/// <summary>The mapping by hand against System.Text.Json's own: a property that is added and forgotten there fails here.</summary>
public sealed class OciSpecJsonTests
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void Every_property_is_written()
    {
        var spec = new RecordFiller().Fill<OciSpec>();
        Assert.Equal(JsonSerializer.Serialize(spec, Options), Encoding.UTF8.GetString(OciSpecJson.Serialize(spec)));
    }

    [Fact]
    public void What_is_not_set_is_left_out()
    {
        var spec = new OciSpec
        {
            Process = new() { User = new(), Args = [], Env = [], Cwd = "/" }, Root = new() { Path = "p" }, Mounts = [], Linux = new() { Namespaces = [new("pid")] },
        };
        Assert.Equal("""
            {"ociVersion":"1.0.2","process":{"terminal":false,"user":{"uid":0,"gid":0},"args":[],"env":[],"cwd":"/"},"root":{"path":"p"},"mounts":[],"linux":{"namespaces":[{"type":"pid"}]}}
            """, Encoding.UTF8.GetString(OciSpecJson.Serialize(spec)));
    }
}
