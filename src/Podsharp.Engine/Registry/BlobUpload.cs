using System.Net;
using System.Net.Http.Headers;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Sends a blob whose digest is known only when it has been made (distribution-spec, "Pushing a blob in chunks").</summary>
/// <remarks>First in one piece of unknown length, which every registry takes. When that breaks, the registry is asked how much it has, the blob
/// is made again up to there, and the rest follows in chunks that name their place. Where the registry doesn't know, or the result is
/// not what it should be, the upload starts again.</remarks>
internal sealed class BlobUpload(RegistryConnection connection, string repository, BlobMaker make, Action<long> progress)
{
    private const int ChunkSize = 16 * 1024 * 1024;

    /// <summary>After this much progress a broken connection counts as the first again.</summary>
    private const long ProgressThatCounts = 1024 * 1024;

    /// <summary>A registry may look at the whole blob before it answers.</summary>
    private static readonly TimeSpan s_finishLimit = TimeSpan.FromMinutes(10);

    private readonly string _what = $"uploading a layer to {connection.Host}/{repository}";
    private Uri _location = null!;
    private long _known;
    private long _lastFailure;
    private int _failures;
    private bool _isResumed;
    private bool _wasRefused;
    private MadeBlob? _made;

    /// <summary>How long the registry may take nothing of a body.</summary>
    internal TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Sends the blob.</summary>
    /// <returns>What it is.</returns>
    /// <exception cref="ContainerEngineException">Network, Unauthorized: it broke too often or was refused. What making the blob raises.</exception>
    internal async Task<MadeBlob> RunAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        while (true)
        {
            try
            {
                _made = _isResumed ? await SendRestAsync(cancellationToken) : await SendAsync(cancellationToken);
                if (await FinishAsync(_made, cancellationToken))
                {
                    return _made;
                }
                await BeginAsync(cancellationToken);
            }
            catch (BrokenUploadException broken)
            {
                await WaitBeforeRetryAsync(broken, cancellationToken);
                if (await IsThereAsync(cancellationToken))
                {
                    return _made!;
                }
                await TakeUpAsync(cancellationToken);
            }
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        (_known, _isResumed) = (0, false);
        using var response = await connection.SendAsync(Request(HttpMethod.Post) with { Address = null, Path = $"{repository}/blobs/uploads/" }, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw await connection.ErrorAsync(response, _what, cancellationToken);
        }
        Follow(response);
    }

    /// <summary>All of it in one request.</summary>
    private async Task<MadeBlob> SendAsync(CancellationToken cancellationToken)
    {
        UploadContent? body = null;
        using var response = await TryAsync(Request(HttpMethod.Patch) with
        {
            Content = () => body = new UploadContent(make, progress, StallLimit) { Headers = { ContentType = s_bytes } },
            AskBeforeBody = true,
            AnswerLimit = s_finishLimit,
        }, () => body?.MakerFailure, cancellationToken);
        // An answer before the end is a refusal; or a redirection of the body to nowhere.
        return await AcceptedAsync(response, cancellationToken) && body?.Blob is { } blob ? blob : throw new BrokenUploadException("the registry did not take all of it", null);
    }

    /// <summary>What the registry doesn't have yet, in chunks.</summary>
    private async Task<MadeBlob> SendRestAsync(CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkSize];
        var filled = 0;
        var position = 0L;
        var blob = await make(async (data, stop) =>
        {
            // The part that is there already was only made for the sake of what follows.
            var skipped = (int)Math.Min(Math.Max(_known - position, 0), data.Length);
            position += data.Length;
            for (data = data[skipped..]; !data.IsEmpty;)
            {
                var part = Math.Min(data.Length, ChunkSize - filled);
                data.Span[..part].CopyTo(chunk.AsSpan(filled));
                filled += part;
                data = data[part..];
                if (filled == ChunkSize)
                {
                    await SendChunkAsync(chunk.AsMemory(0, filled), stop);
                    filled = 0;
                }
            }
        }, cancellationToken);
        if (filled > 0)
        {
            await SendChunkAsync(chunk.AsMemory(0, filled), cancellationToken);
        }
        return blob;
    }

    private async Task SendChunkAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        using var response = await TryAsync(Request(HttpMethod.Patch) with
        {
            Content = () => new ReadOnlyMemoryContent(chunk)
            {
                Headers = { ContentType = s_bytes, ContentLength = chunk.Length },
            }.WithRange(_known, chunk.Length),
            AnswerLimit = s_finishLimit,
        }, () => null, cancellationToken);
        if (!await AcceptedAsync(response, cancellationToken))
        {
            throw new BrokenUploadException("the registry has another part of it than it said", null);
        }
        _known += chunk.Length;
        progress(_known);
    }

    /// <summary>Closes the upload.</summary>
    /// <returns>False where the registry found something else than was sent, which can only be the fault of a resumption.</returns>
    private async Task<bool> FinishAsync(MadeBlob blob, CancellationToken cancellationToken)
    {
        using var response = await TryAsync(Request(HttpMethod.Put) with
        {
            Address = UploadAddress.WithDigest(_location, blob.Digest),
            Content = () => new ByteArrayContent([]),
            AnswerLimit = s_finishLimit,
        }, () => null, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return true;
        }
        if (!_isResumed || _wasRefused || response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotFound))
        {
            throw await connection.ErrorAsync(response, _what, cancellationToken);
        }
        _wasRefused = true;
        connection.OnRetry?.Invoke($"{_what}: the registry can't put the parts together; starting again");
        return false;
    }

    /// <summary>Asks how much has arrived. Where that can't be told, a new upload begins.</summary>
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        using var response = await connection.SendAsync(Request(HttpMethod.Get), cancellationToken);
        if (_wasRefused || response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.Accepted or HttpStatusCode.OK) ||
            UploadAddress.ReceivedBytes(response) is not { } received)
        {
            await BeginAsync(cancellationToken);
            return;
        }
        (_known, _isResumed) = (received, true);
        Follow(response);
    }

    /// <summary>Whether an upload that seemed to break at its very end was complete.</summary>
    private async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        _made is { } blob && await new RegistryWriter(connection, repository).FindBlobAsync(blob.Digest.ToString(), cancellationToken) == blob.Size;

    private async Task<HttpResponseMessage> TryAsync(RegistryRequest request, Func<Exception?> makerFailure, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await connection.SendOnceAsync(request, cancellationToken);
        }
        catch (Exception) when (makerFailure() is { } failure)
        {
            throw failure;
        }
        catch (Exception error) when (RetryPolicy.IsTransient(error))
        {
            throw new BrokenUploadException((error.InnerException ?? error).Message, error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw RegistryErrors.FromException(error, _what, connection.Host);
        }
        if (RetryPolicy.IsTransient(response))
        {
            using (response)
            {
                throw new BrokenUploadException($"the registry answered {(int)response.StatusCode}", await connection.ErrorAsync(response, _what, cancellationToken))
                {
                    Pause = RetryPolicy.AskedPause(response),
                };
            }
        }
        return response;
    }

    /// <summary>Looks at the answer to a body.</summary>
    /// <returns>False where the registry has lost its place.</returns>
    private async Task<bool> AcceptedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            Follow(response);
            return true;
        }
        return response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotFound ? false
            : throw await connection.ErrorAsync(response, _what, cancellationToken);
    }

    private void Follow(HttpResponseMessage response)
    {
        // Each answer names the address for the next request: registries keep their place in it.
        if (response.Headers.Location is { } location)
        {
            _location = connection.Resolve(response.RequestMessage!.RequestUri!, location, _what);
        }
        else if (_location is null)
        {
            throw new ContainerEngineException(ErrorKind.Network, "RegistryError", $"{_what}: the registry names no address for the upload", connection.Host);
        }
    }

    private RegistryRequest Request(HttpMethod method) => new(method, "", repository, _what) { Address = _location, ForPush = true };

    private async Task WaitBeforeRetryAsync(BrokenUploadException broken, CancellationToken cancellationToken)
    {
        _failures = _known - _lastFailure >= ProgressThatCounts ? 1 : _failures + 1;
        _lastFailure = _known;
        if (_failures > connection.Retry.Count)
        {
            throw broken.InnerException as ContainerEngineException ?? RegistryErrors.FromException(broken.InnerException ?? broken, _what, connection.Host);
        }
        connection.OnRetry?.Invoke($"{_what}: {broken.Message}; trying again");
        await Task.Delay(broken.Pause ?? connection.Retry.DelayBefore(_failures, null), cancellationToken);
    }

    private static readonly MediaTypeHeaderValue s_bytes = new("application/octet-stream");

    /// <summary>The upload broke in a way that need not come again.</summary>
    private sealed class BrokenUploadException(string message, Exception? cause) : IOException(message, cause)
    {
        internal TimeSpan? Pause { get; init; }
    }
}
