using System.Net;
using System.Net.Sockets;
using System.Text;
using Podsharp.Engine;
using Podsharp.Engine.Build;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public sealed class BuildFetcherTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("podsharp-fetch-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_root, true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    public async Task A_server_that_falls_silent_ends_the_wait(string answer)
    {
        _listener.Start();
        var serving = AnswerAsync(answer);
        using var parts = new EngineParts(new EngineOptions { Root = _root + "/root", RunRoot = _root + "/run" });
        using var fetcher = new BuildFetcher(parts) { Stall = TimeSpan.FromMilliseconds(200) };
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => fetcher.DownloadAsync($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/file", _root + "/file", CancellationToken.None));
        Assert.Equal(("DownloadStalled", ErrorKind.Network), (error.ErrorId, error.Kind));
        using var client = await serving;
    }

    private async Task<TcpClient> AnswerAsync(string answer)
    {
        var client = await _listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return client;
    }
}
