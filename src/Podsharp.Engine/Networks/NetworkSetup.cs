using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>What netavark will be told, addresses included. Kept in the container's state before the set-up begins: the same text
/// takes everything down again, also after a kill in the middle.</summary>
/// <param name="Json">netavark's input.</param>
/// <param name="Networks">The networks' definitions, by name.</param>
/// <param name="Attachments">The attachments, with all their aliases.</param>
internal sealed record NetworkRequest(string Json, IReadOnlyDictionary<string, NetworkDefinition> Networks, IReadOnlyList<NetworkAttachment> Attachments)
{
    /// <summary>The part of it that is about one network.</summary>
    internal NetworkRequest Only(string network) => this with { Json = NetavarkJson.Only(Json, network), Attachments = [.. Attachments.Where(attachment => attachment.Network == network)] };
}

/// <summary>A network set-up that has been made.</summary>
/// <param name="Status">What the container got, one entry a network in the order of the attachments.</param>
/// <param name="StatusJson">netavark's answer as it came: <c>network.status</c> of a checkpoint.</param>
internal sealed record NetworkSetup(IReadOnlyList<NetworkStatus> Status, string StatusJson);
