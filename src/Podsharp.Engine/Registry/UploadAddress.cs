using System.Globalization;
using Podsharp.Engine.Images;

namespace Podsharp.Engine.Registry;

/// <summary>What the addresses and headers of uploads say (distribution-spec, "Pushing blobs").</summary>
internal static class UploadAddress
{
    /// <summary>The address that closes an upload. What the registry has written into it stays as it is.</summary>
    internal static Uri WithDigest(Uri location, ContentDigest digest) =>
        new($"{location.AbsoluteUri}{(location.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}");

    /// <summary>How many bytes a registry says to have (<c>Range: 0-LAST</c>); null where it says nothing of use.</summary>
    internal static long? ReceivedBytes(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Range", out var values))
        {
            return null;
        }
        var text = values.ToString().Trim();
        var dash = text.IndexOf('-');
        return dash > 0 && text.AsSpan(0, dash).TrimStart("bytes=") is "0" &&
            long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            // "0-0" is said of an upload without any byte, too; nobody breaks off after one.
            ? last == 0 ? 0 : last + 1 : null;
    }

    /// <summary>Says where in the blob a body belongs. The form without a unit is the specification's own.</summary>
    internal static HttpContent WithRange(this HttpContent body, long from, long count)
    {
        body.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{from}-{from + count - 1}"));
        return body;
    }
}
