using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Podsharp.UnitTests.Registry;

/// <summary>A registry on loopback that does exactly what a test says.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, FakeAnswer> _answer;

    public FakeRegistry(Func<HttpListenerRequest, FakeAnswer> answer)
    {
        _answer = answer;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Host = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }
        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Host { get; }

    /// <summary>The requests so far: path with query, Authorization and Range.</summary>
    public List<(string Path, string? Authorization, string? Range)> Requests { get; } = [];

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                lock (Requests)
                {
                    Requests.Add((context.Request.Url!.PathAndQuery, context.Request.Headers["Authorization"], context.Request.Headers["Range"]));
                }
                var answer = context.Request.Url.AbsolutePath == "/v2/" && _answer(context.Request) is { Status: 404 }
                    ? new FakeAnswer(200, "{}"u8.ToArray()) : _answer(context.Request);
                await AnswerAsync(context.Response, answer);
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // Closed: the test is over.
        }
    }

    private static async Task AnswerAsync(HttpListenerResponse response, FakeAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.AddHeader(name, value);
        }
        response.ContentLength64 = answer.Body.Length;
        try
        {
            await response.OutputStream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.Body.Length));
            if (answer.CutAfter is not null)
            {
                await response.OutputStream.FlushAsync();
                response.Abort();
                return;
            }
            response.Close();
        }
        catch (HttpListenerException)
        {
            // The client has gone.
        }
    }
}

/// <summary>What to answer.</summary>
internal sealed record FakeAnswer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>Break the connection after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    public static FakeAnswer NotFound { get; } = new(404, []);

    public static FakeAnswer Text(string text, params (string, string)[] headers) => new(200, Encoding.UTF8.GetBytes(text), headers);
}
