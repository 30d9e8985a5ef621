using System.Text.Encodings.Web;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Images.Archives;

/// <summary>What <c>docker save</c> writes since Docker 1.10 and <c>docker load</c> reads: plain layers, configurations, and a <c>manifest.json</c> that
/// tells which belong together (moby image/tarexport). What older Dockers need beside it is left out.</summary>
internal sealed class DockerArchive(Stream target) : ImageArchive(target)
{
    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    internal override async Task AddAsync(ImageSource source, IReadOnlyList<string> names, string reference, CancellationToken cancellationToken)
    {
        var layers = new List<string>();
        foreach (var layer in source.Layers)
        {
            layers.Add(layer.DiffId.Hex + ".tar");
            await AddPlainAsync(layers[^1], source, layer, reference, cancellationToken);
        }
        var config = source.ConfigDigest.Hex + ".json";
        AddConfig(config, source, reference);
        if (_entries.Find(entry => entry.Config == config) is { } known)
        {
            known.Names.AddRange(names.Except(known.Names));
            return;
        }
        _entries.Add(new Entry(config, [.. names], layers));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        Tar.Add("manifest.json", Describe(_entries));
        Tar.Finish();
    }

    /// <summary>The <c>manifest.json</c> of an archive with one image.</summary>
    /// <param name="config">File of the configuration.</param>
    /// <param name="names">Full names.</param>
    /// <param name="layers">Files of the layers, lowest first.</param>
    internal static byte[] Describe(string config, IReadOnlyList<string> names, IReadOnlyList<string> layers) => Describe([new Entry(config, [.. names], [.. layers])]);

    private static byte[] Describe(IReadOnlyList<Entry> entries) => JsonFields.List(entries, (json, entry) =>
    {
        json.WriteString("Config", entry.Config);
        json.Field("RepoTags", entry.Names);
        json.Field("Layers", entry.Layers);
    }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private sealed record Entry(string Config, List<string> Names, List<string> Layers);
}
