using System.Net;
using System.Net.Sockets;

namespace Podsharp.Engine.Registry;

/// <summary>How often and when a request is tried again.</summary>
/// <param name="Count">Tries after the first.</param>
/// <param name="Delay">Fixed delay; null doubles from one second.</param>
internal sealed record RetryPolicy(int Count, TimeSpan? Delay)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    /// <summary>The wait before a try.</summary>
    /// <param name="attempt">Number of the try, from 1.</param>
    /// <param name="response">The answer to the last try, whose <c>Retry-After</c> counts; null for none.</param>
    internal TimeSpan DelayBefore(int attempt, HttpResponseMessage? response)
    {
        var wanted = (response is null ? null : AskedPause(response)) ?? Delay ?? TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));
        return wanted > s_longest ? s_longest : wanted;
    }

    /// <summary>The wait that an answer asks for (<c>Retry-After</c>), within reason; null for none.</summary>
    internal static TimeSpan? AskedPause(HttpResponseMessage response) => Asked(response) is not { } wait ? null : wait > s_longest ? s_longest : wait;

    /// <summary>The wait that an answer asks for, however long; null for none.</summary>
    internal static TimeSpan? Asked(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow,
            _ => (TimeSpan?)null,
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    /// <summary>Whether it is worth while to ask again: who wants to be left alone for hours won't answer in a minute.</summary>
    internal static bool IsTransient(HttpResponseMessage response) => IsTransient(response.StatusCode) && !(response.StatusCode == HttpStatusCode.TooManyRequests && Asked(response) > s_longest);

    /// <summary>Whether an answer may be different the next time.</summary>
    internal static bool IsTransient(HttpStatusCode status) => status == HttpStatusCode.TooManyRequests ||
        status == HttpStatusCode.RequestTimeout || (int)status is 500 or 502 or 503 or 504;

    /// <summary>Whether a failure may not come again. A refused connection, a failed handshake and an unknown host will.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError or HttpRequestError.ConfigurationLimitExceeded } => false,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => false,
        HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };
}
