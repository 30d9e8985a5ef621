using Podsharp.Model;

namespace Podsharp.Engine;

// Networks.
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ContainerNetwork> ListNetworksAsync(NetworkQuery query, CancellationToken cancellationToken) =>
        Sequence(() => parts.NetworkCatalog.List(query), cancellationToken);

    public Task<bool> NetworkExistsAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.NetworkCatalog.Exists(nameOrId), cancellationToken);

    public Task<ContainerNetworkDetail> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.NetworkCatalog.Inspect(nameOrId, cancellationToken), cancellationToken);

    public Task<ContainerNetwork> CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken) =>
        Run(() => parts.NetworkCatalog.Create(spec, cancellationToken), cancellationToken);

    public Task<ContainerNetwork> UpdateNetworkAsync(string nameOrId, NetworkUpdate update, CancellationToken cancellationToken) =>
        Run(() => parts.NetworkCatalog.Update(nameOrId, update, cancellationToken), cancellationToken);

    public Task<NetworkStatus> ConnectNetworkAsync(string container, NetworkAttachment attachment, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.ContainerNetworks.Connect(container, attachment, cancellationToken), cancellationToken);

    public Task DisconnectNetworkAsync(string container, string network, CancellationToken cancellationToken) =>
        Run(() => parts.ContainerNetworks.Disconnect(container, network, cancellationToken), cancellationToken);

    public Task<string> ReloadNetworkAsync(string container, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.ContainerNetworks.Reload(container, cancellationToken), cancellationToken);

    public Task<string?> RemoveNetworkAsync(string nameOrId, NetworkRemoveOptions options, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.NetworkCatalog.Remove(nameOrId, options, cancellationToken), cancellationToken);
}
