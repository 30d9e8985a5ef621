using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Values;

namespace Podsharp.UnitTests.Wire;

/// <summary>Expected texts are what Go 1.2x prints for the same template and value.</summary>
public sealed class GoTemplateTests
{
    private static readonly WireStruct Data = new WireStruct("*define.Thing")
        .Add("ID", "abc123", "Id")
        .Add("Name", "web")
        .Add("Pid", 42)
        .Add("Running", true)
        .Add("Ratio", 1.5)
        .Add("Empty", "")
        .Add("Nothing", null)
        .Add("Created", new DateTimeOffset(2026, 1, 31, 12, 0, 0, 120, TimeSpan.Zero))
        .Add("Names", WireList.From(["a", "b", "c"]))
        .Add("None", WireList.Nil)
        .Add("Labels", new WireMap().Set("z", "last").Set("a", "first"))
        .AddMethod("Label", name => name == "tier" ? "front" : "")
        .Add("State", new WireStruct("*define.State").Add("Status", "running").Add("Code", 0))
        .Add("Mounts", WireList.From([new WireStruct("define.Mount").Add("Type", "bind").Add("Source", "/a"), new WireStruct("define.Mount").Add("Type", "volume").Add("Source", "/b")]));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Name}}", "web")]
    [InlineData("{{ .State.Status }}", "running")]
    [InlineData("{{.Id}} {{.ID}}", "abc123 abc123")]
    [InlineData("{{.Pid}} {{.Running}} {{.Ratio}}", "42 true 1.5")]
    [InlineData("{{.Names}} {{.None}} {{.Labels}}", "[a b c] [] map[a:first z:last]")]
    [InlineData("{{.State}}", "{running 0}")]
    [InlineData("{{.Mounts}}", "[{bind /a} {volume /b}]")]
    [InlineData("{{.Created}}", "2026-01-31 12:00:00.12 +0000 UTC")]
    [InlineData("{{.Nothing}}", "<nil>")]
    [InlineData("{{.Labels.a}} {{.Labels.missing}}", "first <no value>")]
    [InlineData("{{.Label \"tier\"}}{{.Label \"none\"}} {{\"tier\" | $.Label}} {{if eq (.Label \"tier\") \"front\"}}yes{{end}}", "front front yes")]
    [InlineData("{{$}}", null)]
    [InlineData("{{$.Name}}", "web")]
    [InlineData("{{/* comment */}}x", "x")]
    [InlineData("a  {{- .Name -}}  b", "awebb")]
    [InlineData("a {{.Name}} b", "a web b")]
    [InlineData("{{\"quo\\\"ted\\n\"}}", "quo\"ted\n")]
    [InlineData("{{`raw\\n`}}", "raw\\n")]
    [InlineData("{{1}} {{-2}} {{0x10}} {{1.5}} {{'a'}} {{true}}", "1 -2 16 1.5 97 true")]
    public void Values(string template, string? expected)
    {
        var text = Run(template);
        if (expected is not null)
            Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("{{range .Names}}<{{.}}>{{end}}", "<a><b><c>")]
    [InlineData("{{range $i, $n := .Names}}{{$i}}={{$n}},{{end}}", "0=a,1=b,2=c,")]
    [InlineData("{{range $n := .Names}}{{$n}}{{end}}", "abc")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}:{{$v}};{{end}}", "a:first;z:last;")]
    [InlineData("{{range .None}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range .Mounts}}{{if eq .Type \"bind\"}}{{.Source}}{{end}}{{end}}", "/a")]
    [InlineData("{{range .Names}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}", "a")]
    [InlineData("{{range .Names}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}", "ac")]
    [InlineData("{{range .Names}}{{$.Name}}{{end}}", "webwebweb")]
    [InlineData("{{range 3}}{{.}}{{end}}", "012")]
    [InlineData("{{if .Empty}}yes{{else}}no{{end}}", "no")]
    [InlineData("{{if .Empty}}a{{else if .Running}}b{{else}}c{{end}}", "b")]
    [InlineData("{{if and .Running (not .Empty)}}both{{end}}", "both")]
    [InlineData("{{if or .Empty .Name}}{{or .Empty .Name}}{{end}}", "web")]
    [InlineData("{{with .State}}{{.Status}}{{end}}", "running")]
    [InlineData("{{with .Empty}}x{{else}}empty{{end}}", "empty")]
    [InlineData("{{with $s := .State}}{{$s.Status}}{{end}}", "running")]
    [InlineData("{{with .Empty}}x{{else with .Name}}{{.}}{{end}}", "web")]
    [InlineData("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2")]
    [InlineData("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", "1")]
    public void Control(string template, string expected) => Assert.Equal(expected, Run(template));

    [Theory]
    [InlineData("{{json .Names}}", "[\"a\",\"b\",\"c\"]")]
    [InlineData("{{json .State}}", "{\"Status\":\"running\",\"Code\":0}")]
    [InlineData("{{.Labels | json}}", "{\"a\":\"first\",\"z\":\"last\"}")]
    [InlineData("{{json .None}}", "null")]
    [InlineData("{{json .Name}}", "\"web\"")]
    [InlineData("{{join .Names \", \"}}", "a, b, c")]
    [InlineData("{{split \"a:b\" \":\"}}", "[a b]")]
    [InlineData("{{index (split \"a:b\" \":\") 1}}", "b")]
    [InlineData("{{upper .Name}} {{lower \"ABC\"}} {{title \"hello world\"}}", "WEB abc Hello World")]
    [InlineData("{{.Name | upper | printf \"%s-%s\" \"x\"}}", "x-WEB")]
    [InlineData("{{pad .Name 1 2}}|", " web  |")]
    [InlineData("{{truncate .ID 3}}", "abc")]
    [InlineData("{{len .Names}} {{len .Name}} {{len .Labels}}", "3 3 2")]
    [InlineData("{{index .Names 0}} {{index .Labels \"z\"}}", "a last")]
    [InlineData("{{(index .Mounts 1).Source}}", "/b")]
    [InlineData("{{slice .ID 1 3}} {{slice .Names 1}}", "bc [b c]")]
    [InlineData("{{print 1 2 \"a\" \"b\" 3}}", "1 2ab3")]
    [InlineData("{{println .Name 1}}", "web 1\n")]
    [InlineData("{{eq .Pid 42}} {{ne .Name \"web\"}} {{lt 1 2}} {{ge 2 3}} {{eq .Name \"a\" \"web\"}}", "true false true false true")]
    [InlineData("{{not .Running}}", "false")]
    [InlineData("{{html \"<a>\"}}", "&lt;a&gt;")]
    public void Calls(string template, string expected) => Assert.Equal(expected, Run(template));

    [Theory]
    [InlineData("{{printf \"%s|%5s|%-5s|%.2s\" \"ab\" \"ab\" \"ab\" \"abc\"}}", "ab|   ab|ab   |ab")]
    [InlineData("{{printf \"%d|%05d|%+d|%x|%X|%o|%b|%c\" 42 42 42 255 255 8 5 65}}", "42|00042|+42|ff|FF|10|101|A")]
    [InlineData("{{printf \"%f|%.2f|%6.1f|%g\" 1.5 1.557 2.26 0.1}}", "1.500000|1.56|   2.3|0.1")]
    [InlineData("{{printf \"%v|%q|%t|%%|%T\" .Names \"a\" true 1}}", "[a b c]|\"a\"|true|%|int")]
    [InlineData("{{printf \"%d\" \"a\"}}", "%!d(string=a)")]
    [InlineData("{{printf \"%s\"}}", "%!s(MISSING)")]
    [InlineData("{{printf \"x\" 1}}", "x%!(EXTRA int=1)")]
    [InlineData("{{printf \"%s\" 5}}", "%!s(int=5)")]
    [InlineData("{{printf \"%x\" \"hi\"}}", "6869")]
    public void Printf(string template, string expected) => Assert.Equal(expected, Run(template));

    [Theory]
    [InlineData("{{.Foo}}", "template: t:1:2: executing \"t\" at <.Foo>: can't evaluate field Foo in type *define.Thing")]
    [InlineData("a\nb {{.State.Foo}}", "template: t:2:4: executing \"t\" at <.State.Foo>: can't evaluate field Foo in type *define.State")]
    [InlineData("{{.Name.Foo}}", "template: t:1:2: executing \"t\" at <.Name.Foo>: can't evaluate field Foo in type string")]
    [InlineData("{{index .Names 7}}", "template: t:1:2: executing \"t\" at <index>: error calling index: index out of range: 7")]
    [InlineData("{{lt 1 \"a\"}}", "template: t:1:2: executing \"t\" at <lt>: error calling lt: incompatible types for comparison")]
    [InlineData("{{len 3}}", "template: t:1:2: executing \"t\" at <len>: error calling len: len of type int")]
    [InlineData("{{upper}}", "template: t:1:2: executing \"t\" at <upper>: wrong number of args for upper: want 1 got 0")]
    [InlineData("{{frob .}}", "template: t:1: function \"frob\" not defined")]
    [InlineData("{{.Name", "template: t:1: unclosed action")]
    [InlineData("{{if .Name}}x", "template: t:1: unexpected EOF")]
    [InlineData("{{end}}", "template: t:1: unexpected {{end}}")]
    [InlineData("{{$x}}", "template: t:1: undefined variable \"$x\"")]
    [InlineData("{{\"a}}", "template: t:1: unterminated quoted string")]
    [InlineData("{{}}", "template: t:1: missing value for command")]
    [InlineData("{{.Name | }}", "template: t:1: missing value for command")]
    [InlineData("{{break}}", "template: t:1: {{break}} outside {{range}}")]
    public void Errors(string template, string expected)
    {
        var error = Assert.Throws<GoTemplateException>(() => Run(template));
        Assert.Equal(expected, error.Reason);
    }

    [Fact]
    public void Shell_escapes() => Assert.Equal("a\tb\nc", GoTemplate.Unescape("a\\tb\\nc"));

    [Fact]
    public void Headings() => Assert.Equal("ID\tNAME x", GoTemplate.Parse("t", "{{.ID}}\t{{upper .Name}} x").ExecuteHeader(f => f.ToUpperInvariant()));

    private static string Run(string template) => GoTemplate.Parse("t", template).Execute(Data);
}
