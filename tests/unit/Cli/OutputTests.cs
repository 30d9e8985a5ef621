using Podsharp.Cli.Output;
using Podsharp.Wire.Values;

namespace Podsharp.UnitTests.Cli;

public sealed class OutputTests
{
    [Fact]
    public void Columns_are_twelve_wide_at_least_and_two_apart() =>
        Assert.Equal("A           B\nlong name here  c\n".Replace("A           B", "A               B"), Table.Format("A\tB\nlong name here\tc\n"));

    [Fact]
    public void Narrow_columns_are_twelve_wide() => Assert.Equal("A           B           C\n1           2           3\n", Table.Format("A\tB\tC\n1\t2\t3\n"));

    [Fact]
    public void A_table_has_headings()
    {
        var rows = new[] { new WireStruct("x").Add("ID", "1").Add("CreatedAt", "now"), new WireStruct("x").Add("ID", "2").Add("CreatedAt", "then") };
        var listing = new Listing("t", new Dictionary<string, string> { ["ID"] = "CONTAINER ID" });
        Assert.Equal("CONTAINER ID  CREATED AT\n1             now\n2             then\n", listing.Render("table {{.ID}}\\t{{.CreatedAt}}", rows));
        Assert.Equal("1             now\n2             then\n".Replace("             ", "           "), listing.Render("table {{.ID}}\t{{.CreatedAt}}", rows, headingWanted: false));
        Assert.Equal("1\tnow\n2\tthen\n", listing.Render("{{.ID}}\\t{{.CreatedAt}}", rows));
    }

    [Theory]
    [InlineData("json", true)]
    [InlineData(" {{json .}} ", true)]
    [InlineData("{{ json . }}", true)]
    [InlineData("{{json .ID}}", false)]
    [InlineData(null, false)]
    public void Json_formats(string? format, bool expected) => Assert.Equal(expected, Listing.IsJson(format));
}
