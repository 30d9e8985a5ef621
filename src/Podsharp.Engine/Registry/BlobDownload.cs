using System.Net;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>A blob as it comes in. A broken connection is taken up where it broke; the caller sees one stream of exactly the
/// announced size and checks its digest.</summary>
internal sealed class BlobDownload : IAsyncDisposable
{
    /// <summary>After this much progress a broken connection counts as the first again.</summary>
    private const long ProgressThatCounts = 1024 * 1024;

    private static readonly TimeSpan s_stallLimit = TimeSpan.FromSeconds(60);

    private readonly RegistryClient _client;
    private readonly string _repository;
    private readonly Descriptor _descriptor;
    private readonly string _what;
    private HttpResponseMessage? _response;
    private Stream? _stream;
    private CancellationTokenSource _stall = new();
    private long _position;
    private long _lastFailure;
    private int _failures;

    internal BlobDownload(RegistryClient client, string repository, Descriptor descriptor)
    {
        _client = client;
        _repository = repository;
        _descriptor = descriptor;
        _what = $"reading blob {descriptor.Digest} in {client.Host}/{repository}";
    }

    /// <summary>Reads the next bytes; 0 after the last.</summary>
    /// <exception cref="ContainerEngineException">Network: it broke too often. DataCorrupt: it is longer or shorter than announced.</exception>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _stream ??= await OpenAsync(cancellationToken);
                var count = await ReadOnceAsync(buffer, cancellationToken);
                if (count == 0 && _position < _descriptor.Size)
                {
                    throw new HttpIOException(HttpRequestError.ResponseEnded, $"the connection ended after {_position} of {_descriptor.Size} bytes");
                }
                _position += count;
                return _position > _descriptor.Size ? throw WrongSize("is longer than the") : count;
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                await CloseAsync();
                await WaitBeforeRetryAsync(error, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _stall.Dispose();
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_stall.TryReset())
        {
            _stall.Dispose();
            _stall = new CancellationTokenSource();
        }
        _stall.CancelAfter(s_stallLimit);
        // Two tokens, one read: whichever comes first cuts the connection.
        await using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _stall);
        try
        {
            return await _stream!.ReadAsync(buffer, _stall.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"no data for {s_stallLimit.TotalSeconds} seconds");
        }
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        _response = await RequestAsync(cancellationToken);
        var skip = 0L;
        switch (_response.StatusCode)
        {
            case HttpStatusCode.PartialContent when _response.Content.Headers.ContentRange?.From == _position:
                break;
            case HttpStatusCode.OK:
                // Ranges are not supported here: what is known already is read once more and dropped.
                skip = _position;
                if (_response.Content.Headers.ContentLength is { } length && length != _descriptor.Size)
                {
                    throw WrongSize($"has {length} bytes instead of the");
                }
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                throw WrongSize("is shorter than the");
            case HttpStatusCode.PartialContent:
                throw new ContainerEngineException(ErrorKind.Network, "RangeMismatch", $"{_what}: the registry sent another range than asked for", _client.Host);
            default:
                throw await _client.ErrorAsync(_response, _what, cancellationToken);
        }
        var stream = await _response.Content.ReadAsStreamAsync(cancellationToken);
        await SkipAsync(stream, skip, cancellationToken);
        return stream;
    }

    private async Task<HttpResponseMessage> RequestAsync(CancellationToken cancellationToken)
    {
        // Layers that may not be distributed are kept elsewhere (image-spec descriptor.md, "urls").
        foreach (var url in _descriptor.Urls ?? [])
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
            {
                var response = await _client.GetForeignAsync(address, _position, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }
                response.Dispose();
            }
        }
        return await _client.GetBlobAsync(_repository, _descriptor.Digest, _position, cancellationToken);
    }

    private static async Task SkipAsync(Stream stream, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[count > 0 ? 64 * 1024 : 0];
        while (count > 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken);
            count -= read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "the connection ended while it was taken up again");
        }
    }

    private async Task WaitBeforeRetryAsync(Exception error, CancellationToken cancellationToken)
    {
        _failures = _position - _lastFailure >= ProgressThatCounts ? 1 : _failures + 1;
        _lastFailure = _position;
        if (_failures > _client.Retry.Count)
        {
            throw RegistryErrors.FromException(error, _what, _client.Host);
        }
        _client.OnRetry?.Invoke($"{_what}: {error.Message}; continuing at byte {_position}");
        await Task.Delay(_client.Retry.DelayBefore(_failures, null), cancellationToken);
    }

    private async ValueTask CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
        _response?.Dispose();
        (_stream, _response) = (null, null);
    }

    private ContainerEngineException WrongSize(string problem) => new(ErrorKind.DataCorrupt, "BlobSizeMismatch",
        $"{_what}: the blob {problem} {_descriptor.Size} bytes that its manifest announces", _descriptor.Digest);
}
