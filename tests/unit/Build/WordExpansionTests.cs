using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public class WordExpansionTests
{
    private static string? Variable(string name) => name switch
    {
        "a" => "one",
        "b" => "x y",
        "empty" => "",
        "path" => "/usr/local/lib/file.tar.gz",
        "star" => "*",
        "1" => "first",
        _ => null,
    };

    private static string Expand(string word) => WordExpansion.Expand(word, Variable, '\\');

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$a", "one")]
    [InlineData("${a}b$a", "onebone")]
    [InlineData("$unset|$empty|", "||")]
    [InlineData("$1a", "firsta")]
    [InlineData("a$", "a$")]
    [InlineData("$ a", "$ a")]
    [InlineData("$$a", "$one")]
    [InlineData("\\$a", "$a")]
    [InlineData("'$a'", "$a")]
    [InlineData("\"$a\"", "one")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'a \"b\"'", "a \"b\"")]
    [InlineData("\"a\\\"b\\$c\\\\d\\e\"", "a\"b$c\\d\\e")]
    [InlineData("a\\ b\\c", "a bc")]
    [InlineData("a\\", "a")]
    [InlineData("x='y z'w", "x=y zw")]
    public void Quotes_escapes_and_variables(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${a:-z}", "one")]
    [InlineData("${empty:-z}", "z")]
    [InlineData("${empty-z}", "")]
    [InlineData("${unset-z}", "z")]
    [InlineData("${unset:-}", "")]
    [InlineData("${unset:-${empty:-$a}}", "one")]
    [InlineData("${unset:-\"} $a\"}", "} one")]
    [InlineData("${a:+z}", "z")]
    [InlineData("${empty:+z}", "")]
    [InlineData("${empty+z}", "z")]
    [InlineData("${unset+z}", "")]
    [InlineData("${a:?z}", "one")]
    [InlineData("${a:-${unset:?no}}", "one")]
    [InlineData("${empty?z}", "")]
    public void Defaults_and_alternatives(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${path#*/}", "usr/local/lib/file.tar.gz")]
    [InlineData("${path##*/}", "file.tar.gz")]
    [InlineData("${path%.*}", "/usr/local/lib/file.tar")]
    [InlineData("${path%%.*}", "/usr/local/lib/file")]
    [InlineData("${path%/*}", "/usr/local/lib")]
    [InlineData("${path#x}", "/usr/local/lib/file.tar.gz")]
    [InlineData("${path#}", "/usr/local/lib/file.tar.gz")]
    [InlineData("${path#$empty}", "/usr/local/lib/file.tar.gz")]
    [InlineData("${a#?}", "ne")]
    [InlineData("${a#[m-p]}", "ne")]
    [InlineData("${a%[!x]}", "on")]
    [InlineData("${star#\\*}", "")]
    [InlineData("${star#'?'}", "*")]
    [InlineData("${star#$star}", "*")]
    [InlineData("${a##$star}", "")]
    [InlineData("${path/l/L}", "/usr/Local/lib/file.tar.gz")]
    [InlineData("${path//l/L}", "/usr/LocaL/Lib/fiLe.tar.gz")]
    [InlineData("${path//\\//_}", "_usr_local_lib_file.tar.gz")]
    [InlineData("${path//l}", "/usr/oca/ib/fie.tar.gz")]
    [InlineData("${path/#?usr/$a}", "one/local/lib/file.tar.gz")]
    [InlineData("${path/%gz/xz}", "/usr/local/lib/file.tar.xz")]
    [InlineData("${path/l*e/-}", "/usr/-.tar.gz")]
    [InlineData("${path/none/x}", "/usr/local/lib/file.tar.gz")]
    [InlineData("${b// /}", "xy")]
    public void Parts_of_values(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${a", "a brace is not closed")]
    [InlineData("${a:-", "a brace is not closed")]
    [InlineData("${}", "a variable's name is missing")]
    [InlineData("${a^}", "\"^\" is not known behind \"a\"")]
    [InlineData("${a:x}", "\":\" is not known behind \"a\"")]
    [InlineData("'a", "a single quote is not closed")]
    [InlineData("\"a", "a double quote is not closed")]
    [InlineData("${unset?}", "unset is not set")]
    [InlineData("${unset:?give it}", "unset is not set: give it")]
    [InlineData("${empty:?give it}", "empty is not set: give it")]
    public void What_is_wrong_is_named(string word, string message)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Expand(word));
        Assert.Equal("InvalidSubstitution", error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spaces_of_values_separate_words_unless_quoted()
    {
        Assert.Equal(["x", "y"], WordExpansion.ExpandWords("$b", Variable, '\\'));
        Assert.Equal(["x y"], WordExpansion.ExpandWords("\"$b\"", Variable, '\\'));
        Assert.Equal(["ax", "yone"], WordExpansion.ExpandWords("a$b$a", Variable, '\\'));
        Assert.Equal(["a b"], WordExpansion.ExpandWords("a\\ b", Variable, '\\'));
        Assert.Empty(WordExpansion.ExpandWords("$empty$unset", Variable, '\\'));
    }

    [Fact]
    public void Another_escape_leaves_backslashes_alone()
    {
        Assert.Equal(@"c:\x $a one", WordExpansion.Expand(@"c:\x `$a $a", Variable, '`'));
        Assert.Equal("\\one", WordExpansion.Expand("\"\\$a\"", Variable, '`'));
    }

    [Fact]
    public void Here_documents_keep_quotes_and_escapes() =>
        Assert.Equal("it's \"one\" '$' \\$a \\n z", WordExpansion.ExpandText("it's \"$a\" '$' \\$a \\n ${unset:-z}", Variable, '\\'));

    [Fact]
    public void Names_are_those_of_all_branches() =>
        Assert.Equal(["a", "b", "c", "d", "e", "f"], WordExpansion.Variables("$a'$no'${b:-$c}${d:+${e:?$f}}\\$no", '\\'));

    [Fact]
    public void Patterns_with_many_stars_end()
    {
        var text = new string('a', 2000);
        Assert.False(ShellPattern.Matches("*a*a*a*a*a*a*a*a*a*a*b", text));
        Assert.True(ShellPattern.Matches("a*?[]a]*", text));
        Assert.True(ShellPattern.Matches("[x", "[x"));
        Assert.False(ShellPattern.Matches("[!a]", "a"));
        Assert.False(ShellPattern.Matches("", "a"));
        Assert.True(ShellPattern.Matches("**", ""));
    }
}
