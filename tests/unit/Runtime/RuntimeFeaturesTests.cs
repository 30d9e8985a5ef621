using Podsharp.Engine.Runtime;
using Xunit;

namespace Podsharp.UnitTests.Runtime;

public sealed class RuntimeFeaturesTests
{
    [Theory]
    [InlineData("""{"ociVersionMin":"1.0.0","linux":{"mountExtensions":{"idmap":{"enabled":true}}}}""", true)]
    [InlineData("""{"linux":{"mountExtensions":{"idmap":{"enabled":false}}}}""", false)]
    [InlineData("""{"linux":{"mountExtensions":[]}}""", false)]
    [InlineData("""{"linux":{}}""", false)]
    [InlineData("unknown command features", false)]
    [InlineData("", false)]
    public void An_answer_tells_whether_mounts_can_be_mapped(string answer, bool maps) => Assert.Equal(maps, RuntimeFeatures.Parse(answer).MapsMounts);
}
