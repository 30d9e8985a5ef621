using Podsharp.Model;
using Podsharp.Orchestration.Artifacts;

namespace Podsharp.UnitTests.Artifacts;

/// <summary>Which file of an artifact goes where.</summary>
public sealed class ArtifactExtractionTests
{
    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a\0b")]
    public void No_name_leads_out_of_the_directory(string title) =>
        Assert.Equal("ArtifactTitleInvalid", Assert.Throws<ContainerEngineException>(() => Plan("/target", null, true, title)).ErrorId);

    [Fact]
    public void A_file_without_a_name_is_called_by_its_digest() => Assert.Equal(["/target/sha256-0", "/target/b"], Plan("/target", null, true, "", "b"));

    [Fact]
    public void One_file_takes_the_name_of_the_target() => Assert.Equal(["/target"], Plan("/target", null, false, "../a"));

    [Fact]
    public void Several_need_a_directory() => Assert.Throws<ContainerEngineException>(() => Plan("/target", null, false, "a", "b"));

    [Fact]
    public void One_of_several_is_chosen_by_its_name() => Assert.Equal(["/target"], Plan("/target", "b", false, "a", "b"));

    [Fact]
    public void A_name_that_two_have_chooses_none() =>
        Assert.Equal("ArtifactFileAmbiguous", Assert.Throws<ContainerEngineException>(() => Plan("/target", "a", false, "a", "a")).ErrorId);

    private static IEnumerable<string> Plan(string path, string? title, bool isDirectory, params string[] titles)
    {
        var artifact = new ContainerArtifactDetail
        {
            Artifact = new() { Name = "localhost/x", Digest = "sha256:f" },
            Manifest = new()
            {
                Layers = [.. titles.Select((name, i) => new ArtifactDescriptor
                {
                    Digest = $"sha256:{i}",
                    Annotations = name.Length > 0 ? new Dictionary<string, string> { [ArtifactDescriptor.TitleAnnotation] = name } : EmptyDictionary.Strings,
                })],
            },
        };
        return ArtifactExtraction.Plan(artifact, path, title, null, isDirectory).Select(item => item.Target);
    }
}
