using System.Text;

namespace Podsharp.Engine.Storage;

/// <summary>File names of an image's data: the key itself if it is plain, else "=" and its base64.</summary>
internal static class BigDataFile
{
    /// <summary>The file name of a key.</summary>
    internal static string NameOf(string key) => key.Length > 0 && key.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'z' or '.')
        ? key : "=" + Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
}
