using Podsharp.Engine.Images;
using Podsharp.Engine.Trust;

namespace Podsharp.UnitTests.Trust;

public class SignedIdentityTests
{
    private const string Digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("r.example/app:1", "r.example/app:1", true)]
    [InlineData("r.example/app:1", "r.example/app:2", false)]
    [InlineData("r.example/app:1", "r.example/app", false)]
    [InlineData("r.example/app" + Digest, "r.example/app:2", true)]
    [InlineData("r.example/app" + Digest, "r.example/app", false)]
    [InlineData("r.example/app" + Digest, "r.example/other:1", false)]
    [InlineData("busybox:1", "docker.io/library/busybox:1", true)]
    [InlineData("docker.io/library/busybox:1", "busybox:1", true)]
    [InlineData("r.example/app:1", "not a name", false)]
    [InlineData("r.example/app:1", "", false)]
    [InlineData("r.example/app:1", "docker://r.example/app:1", false)]
    public void Takes_the_same_name_or_the_repository_of_a_digest(string image, string signed, bool accepted) =>
        Assert.Equal(accepted, new SignedIdentity(SignedIdentityKind.MatchRepositoryDigestOrExact).Accepts(ImageReference.Parse(image), signed));

    [Theory]
    [InlineData(nameof(SignedIdentityKind.MatchExact), "", "", "r.example/app" + Digest, "r.example/app:1", false)]
    [InlineData(nameof(SignedIdentityKind.MatchExact), "", "", "r.example/app:1", "r.example/app:1", true)]
    [InlineData(nameof(SignedIdentityKind.MatchRepository), "", "", "r.example/app:1", "r.example/app", true)]
    [InlineData(nameof(SignedIdentityKind.MatchRepository), "", "", "r.example/app:1", "r.example/app/sub:1", false)]
    [InlineData(nameof(SignedIdentityKind.ExactReference), "v.example/app:7", "", "r.example/app:1", "v.example/app:7", true)]
    [InlineData(nameof(SignedIdentityKind.ExactReference), "v.example/app:7", "", "r.example/app:1", "r.example/app:1", false)]
    [InlineData(nameof(SignedIdentityKind.ExactRepository), "v.example/app", "", "r.example/app:1", "v.example/app:7", true)]
    [InlineData(nameof(SignedIdentityKind.RemapIdentity), "m.example/mirror", "v.example", "m.example/mirror/app:1", "v.example/app:1", true)]
    [InlineData(nameof(SignedIdentityKind.RemapIdentity), "m.example/mirror", "v.example", "m.example/mirrored/app:1", "v.example/app:1", false)]
    [InlineData(nameof(SignedIdentityKind.RemapIdentity), "m.example/mirror", "v.example", "r.example/app:1", "r.example/app:1", true)]
    [InlineData(nameof(SignedIdentityKind.RemapIdentity), "m.example", "v.example", "m.example:5000/app:1", "v.example/app:1", false)]
    public void Takes_names_as_its_kind_says(string kind, string first, string second, string image, string signed, bool accepted) =>
        Assert.Equal(accepted, new SignedIdentity(Enum.Parse<SignedIdentityKind>(kind), first, second).Accepts(ImageReference.Parse(image), signed));

    [Theory]
    [InlineData(nameof(SignedIdentityKind.MatchRepository), "", false)]
    [InlineData(nameof(SignedIdentityKind.MatchRepositoryDigestOrExact), "", false)]
    [InlineData(nameof(SignedIdentityKind.ExactReference), "r.example/app:1", true)]
    public void An_image_without_a_name_has_the_policys_name_only(string kind, string first, bool accepted) =>
        Assert.Equal(accepted, new SignedIdentity(Enum.Parse<SignedIdentityKind>(kind), first).Accepts(null, "r.example/app:1"));
}
