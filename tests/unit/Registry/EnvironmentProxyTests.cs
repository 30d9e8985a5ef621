using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public class EnvironmentProxyTests
{
    [Theory]
    [InlineData("http://other.io/", "http://proxy:3128/")]
    [InlineData("https://other.io/", "http://tls:1/")]
    [InlineData("https://a.example.com/", null)]
    [InlineData("https://example.com/", "http://tls:1/")]
    [InlineData("https://a.wild.org/", null)]
    [InlineData("https://wild.org/", "http://tls:1/")]
    [InlineData("https://whole.net/", null)]
    [InlineData("https://a.whole.net/", null)]
    [InlineData("https://unwhole.net/", "http://tls:1/")]
    [InlineData("https://port.net:5000/", null)]
    [InlineData("https://port.net/", "http://tls:1/")]
    [InlineData("https://10.1.2.3/", null)]
    [InlineData("https://11.1.2.3/", "http://tls:1/")]
    [InlineData("https://192.0.2.7/", null)]
    [InlineData("https://[2001:db8::1]/", null)]
    [InlineData("https://[2001:db8::2]/", "http://tls:1/")]
    [InlineData("https://[2001:db8::3]:5000/", null)]
    [InlineData("http://localhost:5000/", null)]
    [InlineData("http://127.0.0.2:5000/", null)]
    public void Proxies_come_from_the_environment(string address, string? proxy)
    {
        using var host = new TestEnvironment();
        host.Set("HTTP_PROXY", "proxy:3128").Set("https_proxy", "http://tls:1")
            .Set("NO_PROXY", ".example.com, 10.0.0.0/8,*.wild.org,whole.net,port.net:5000,192.0.2.7,2001:db8::1,[2001:db8::3]:5000");
        Assert.Equal(proxy, EnvironmentProxy.From(host.Environment)!.GetProxy(new Uri(address))?.ToString());
    }

    [Fact]
    public void Names_in_capitals_win_and_a_star_means_all()
    {
        using var host = new TestEnvironment();
        Assert.Null(EnvironmentProxy.From(host.Environment));
        host.Set("http_proxy", "http://small:1").Set("HTTP_PROXY", "http://big:1");
        Assert.Equal("http://big:1/", EnvironmentProxy.From(host.Environment)!.GetProxy(new Uri("http://a.io"))?.ToString());
        Assert.Null(EnvironmentProxy.From(host.Environment)!.GetProxy(new Uri("https://a.io")));
        host.Set("no_proxy", "*");
        Assert.True(EnvironmentProxy.From(host.Environment)!.IsBypassed(new Uri("http://a.io")));
    }

    [Fact]
    public void Each_proxy_has_its_own_credentials()
    {
        using var host = new TestEnvironment();
        host.Set("HTTP_PROXY", "http://me:p%40ss@plain:1").Set("HTTPS_PROXY", "socks5h://tls:2");
        var proxy = EnvironmentProxy.From(host.Environment)!;
        Assert.Equal("socks5://tls:2/", proxy.GetProxy(new Uri("https://a.io"))?.ToString());
        var known = proxy.Credentials!.GetCredential(new Uri("http://plain:1"), "Basic");
        Assert.Equal(("me", "p@ss"), (known?.UserName, known?.Password));
        Assert.Null(proxy.Credentials.GetCredential(new Uri("http://tls:2"), "Basic"));
    }

    [Theory]
    [InlineData("ftp://proxy")]
    [InlineData("http://me:secret@")]
    [InlineData("http://:secret:x")]
    public void What_is_no_proxy_is_not_passed_over(string value)
    {
        using var host = new TestEnvironment();
        host.Set("HTTPS_PROXY", value);
        var error = Assert.Throws<ContainerEngineException>(() => EnvironmentProxy.From(host.Environment));
        Assert.Contains("HTTPS_PROXY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
