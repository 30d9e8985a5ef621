using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.UnitTests.Configuration;

public class TomlParserTests
{
    private static TomlTable Parse(string text) => TomlParser.Parse(text, "test.conf");

    [Fact]
    public void Reads_every_kind_of_value()
    {
        var table = Parse("""
            # comment
            basic = "a\tb\"\u00e9" # after
            literal = 'c:\x'
            int = 1_000
            hex = 0xff
            octal = 0o755
            negative = -5
            float = 2.5e1
            yes = true
            no = false
            date = 2026-11-22
            list = [ "a",
              'b', # inside
            ]
            inline = { x = 1, y.z = "q" }
            "quoted key".sub = 1
            [table.inner]
            k = "v"
            [[many]]
            n = 1
            [[many]]
            n = 2
            """);
        Assert.Equal("a\tb\"é", table.GetString("basic"));
        Assert.Equal("c:\\x", table.GetString("literal"));
        Assert.Equal(1000, table.GetInteger("int"));
        Assert.Equal(255, table.GetInteger("hex"));
        Assert.Equal(493, table.GetInteger("octal"));
        Assert.Equal(-5, table.GetInteger("negative"));
        Assert.Equal(25.0, table.Find("float")!.Value);
        Assert.True(table.GetBoolean("yes"));
        Assert.False(table.GetBoolean("no"));
        Assert.Equal("2026-11-22", table.Find("date")!.Value);
        Assert.Equal(["a", "b"], table.GetStrings("list"));
        Assert.Equal("q", table.GetTable("inline")!.GetTable("y")!.GetString("z"));
        Assert.Equal(1, table.GetTable("quoted key")!.GetInteger("sub"));
        Assert.Equal("v", table.GetTable("table")!.GetTable("inner")!.GetString("k"));
        Assert.Equal([1L, 2L], table.GetTables("many").Select(item => item.GetInteger("n")!.Value));
        Assert.Null(table.GetString("absent"));
    }

    [Fact]
    public void Reads_multi_line_strings()
    {
        var table = Parse("a = \"\"\"\nfirst\n  second \\\n     joined\"\"\"\nb = '''\nraw \\n'''\nc = \"\"\"x\"\"\"\"\n");
        Assert.Equal("first\n  second joined", table.GetString("a"));
        Assert.Equal("raw \\n", table.GetString("b"));
        Assert.Equal("x\"", table.GetString("c"));
    }

    [Theory]
    [InlineData("a = 1\nb = \n", 2)]
    [InlineData("a = \"open\n", 1)]
    [InlineData("a = 1\na = 2", 2)]
    [InlineData("[t]\n[t]", 2)]
    [InlineData("x = {a=1}\n[x]\n", 2)]
    [InlineData("a = [1, 2", 1)]
    [InlineData("a = nonsense", 1)]
    [InlineData("a = 1 b = 2", 1)]
    [InlineData("\n\na = \"\\q\"", 3)]
    [InlineData("a = 01", 1)]
    [InlineData("= 1", 1)]
    [InlineData("a = \"\"\"x\n\n", 2)]
    public void Names_file_and_line_of_an_error(string text, int line)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Parse(text));
        Assert.Equal("ConfigurationInvalid", error.ErrorId);
        Assert.StartsWith($"test.conf:{line}:", error.Message);
    }

    [Fact]
    public void A_value_of_another_type_is_named_with_its_line()
    {
        var table = Parse("a = 1\nb = 'x'\nc=[1]");
        Assert.StartsWith("test.conf:1:", Assert.Throws<ContainerEngineException>(() => table.GetString("a")).Message);
        Assert.StartsWith("test.conf:2:", Assert.Throws<ContainerEngineException>(() => table.GetInteger("b")).Message);
        Assert.StartsWith("test.conf:3:", Assert.Throws<ContainerEngineException>(() => table.GetStrings("c")).Message);
    }

    [Fact]
    public void Deep_nesting_does_not_exhaust_the_stack() =>
        Assert.Throws<ContainerEngineException>(() => Parse("a = " + new string('[', 100_000)));

    [Fact]
    public void A_dotted_key_may_be_opened_by_a_header_later() =>
        Assert.Equal(2, Parse("[a.b]\nx=1\n[a]\ny=2").GetTable("a")!.GetInteger("y"));
}
