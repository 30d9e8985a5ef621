using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public class IgnoreRulesTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("/a/", "a", true)]
    [InlineData("./a/../b", "b", true)]
    [InlineData("../a", "a", false)]
    [InlineData("  a  ", "a", true)]
    [InlineData("# a", "# a", false)]
    [InlineData("*.o", "x.o", true)]
    [InlineData("*.o", "d/x.o", false)]
    [InlineData("*/x", "d/x", true)]
    [InlineData("*/x", "d/e/x", false)]
    [InlineData("**/x", "x", true)]
    [InlineData("**/x", "d/e/x/f", true)]
    [InlineData("**/*.o", "d/e/x.o", true)]
    [InlineData("d/**", "d/e/f", true)]
    [InlineData("d/**", "d", false)]
    [InlineData("d/**/x", "d/x", true)]
    [InlineData("d/**/x", "d/e/f/x", true)]
    [InlineData("d/**/x", "e/d/x", false)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("**/**/x", "d/x", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a[0-9]", "a5", true)]
    [InlineData("a\\*", "a*", true)]
    [InlineData("a\\*", "ab", false)]
    [InlineData("", "a", false)]
    [InlineData(".", "a", false)]
    [InlineData("*\n!a", "a", false)]
    [InlineData("*\n!a", "a/b", false)]
    [InlineData("*\n!a", "b", true)]
    [InlineData("*\n!a\na/b", "a/b/c", true)]
    [InlineData("!a\n*", "a", true)]
    [InlineData("d\n!d/keep", "d/keep", false)]
    [InlineData("d\n!d/keep", "d/other", true)]
    [InlineData("*.md\n! README*.md\r\nREADME-secret.md", "README.md", false)]
    [InlineData("*.md\n! README*.md\r\nREADME-secret.md", "README-secret.md", true)]
    public void The_last_rule_that_matches_decides(string rules, string path, bool ignored) => Assert.Equal(ignored, IgnoreRules.Parse(rules).IsIgnored(path));

    [Theory]
    [InlineData("d", "d", false)]
    [InlineData("d\n!d/keep", "d", true)]
    [InlineData("d\n!e/keep", "d", false)]
    [InlineData("d\n!d/e/keep", "d/e", true)]
    [InlineData("d\n!d/e/keep", "d/f", false)]
    [InlineData("*\n!**/*.c", "d", true)]
    [InlineData("*\n!*/x", "d", true)]
    [InlineData("*\n!*/x", "d/e", false)]
    [InlineData("!d/keep\n*", "d", false)]
    [InlineData("*\n!other", "d", false)]
    public void A_directory_is_passed_over_as_a_whole_when_nothing_in_it_can_be_wanted(string rules, string directory, bool expected) =>
        Assert.Equal(expected, IgnoreRules.Parse(rules).MayContainIncluded(directory));

    [Fact]
    public void An_exception_of_nothing_is_refused() =>
        Assert.Equal("InvalidIgnoreRule", Assert.Throws<ContainerEngineException>(() => IgnoreRules.Parse("a\n!\n")).ErrorId);

    [Fact]
    public void Whatever_is_passed_over_holds_nothing_that_is_wanted()
    {
        // Every tree of names against every pair of rules: what lies in a directory that may be passed over is ignored.
        string[] patterns = ["a", "a/b", "*", "*/b", "**/c", "a/**", "!a", "!a/b", "!*/c", "!**/b", "!a/b/c", "!b"];
        string[] names = ["a", "b", "c"];
        var directories = names.Concat(from x in names from y in names select $"{x}/{y}").ToArray();
        foreach (var text in from x in patterns from y in patterns from z in patterns select $"{x}\n{y}\n{z}")
        {
            var rules = IgnoreRules.Parse(text);
            foreach (var directory in directories.Where(directory => rules.IsIgnored(directory) && !rules.MayContainIncluded(directory)))
            {
                Assert.All(names, name => Assert.True(rules.IsIgnored($"{directory}/{name}"), $"{text}: {directory}/{name}"));
                Assert.All(names, name => Assert.True(rules.IsIgnored($"{directory}/x/{name}"), $"{text}: {directory}/x/{name}"));
            }
        }
    }
}
