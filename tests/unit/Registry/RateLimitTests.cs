using System.Net;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.UnitTests.Registry;

public sealed class RateLimitTests
{
    private static HttpResponseMessage Answer(params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var (name, value) in headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }
        return answer;
    }

    [Fact]
    public void What_a_registry_says_is_read()
    {
        using var hub = Answer(("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "42;w=21600"));
        var limit = RateLimits.Read(hub);
        Assert.Equal(new RegistryRateLimit(100, 42, TimeSpan.FromHours(6)), limit);
        Assert.Equal("100 manifests in 6 hours are allowed, 42 are left", RateLimits.Describe(limit!));
        using var bare = Answer(("RateLimit-Limit", "5"));
        Assert.Equal(new RegistryRateLimit(5, null, null), RateLimits.Read(bare));
        using var none = Answer(("RateLimit-Limit", "many"));
        Assert.Null(RateLimits.Read(none));
    }

    [Theory]
    [InlineData("30", true)]
    [InlineData("0", true)]
    [InlineData("3600", false)]
    public void Who_wants_to_be_left_alone_for_long_is(string seconds, bool isTransient)
    {
        using var answer = Answer(("Retry-After", seconds));
        Assert.Equal(isTransient, RetryPolicy.IsTransient(answer));
    }
}
