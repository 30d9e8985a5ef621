using System.Text.RegularExpressions;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Events;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>The secrets, in podman's own files and under its lock, so that both have the same ones.</summary>
/// <remarks>A value is stored before its record, and forgotten after it: a record without its value would be of no use to anyone. What a kill in between
/// leaves is a value that no record names, which nobody would ever see or remove: so its id is noted beforehand, and the next change forgets it.</remarks>
/// <param name="directory">podman's directory of secrets, below the image store's root.</param>
/// <param name="pendingFile">Where ids are noted whose values may have no record.</param>
/// <param name="defaults">containers.conf's choice of a driver.</param>
/// <param name="environment">What programs that keep values get.</param>
/// <param name="events">Where creation and removal are noted.</param>
internal sealed class SecretStore(string directory, string pendingFile, SecretDefaults defaults, ConfigurationEnvironment environment, IEventLog events)
{
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700
    private static readonly TimeSpan s_patternLimit = TimeSpan.FromSeconds(1);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> lent = new(StringComparer.Ordinal);

    private string File => Path.Combine(directory, "secrets.json");

    private string LockFile => Path.Combine(directory, "secrets.lock");

    /// <summary>The secrets that pass the filters, by name.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such filter, or a malformed pattern.</exception>
    internal IReadOnlyList<ContainerSecret> List(SecretQuery query)
    {
        foreach (var key in query.Filters.Keys)
            if (key is not ("name" or "id"))
                throw EngineErrors.InvalidArgument($"invalid filter \"{key}\"", key, "use name or id");
        return [.. Read().All().Where(secret => query.Filters.All(filter => filter.Value.Any(value => filter.Key == "id"
            ? secret.Id.StartsWith(value, StringComparison.Ordinal)
            : Matches(secret.Name, value))))];
    }

    /// <summary>A secret by its name, its id or the beginning of that.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    internal ContainerSecret Get(string nameOrId) => lent.ContainsKey(nameOrId) ? new() { Id = nameOrId, Name = nameOrId } : Read().Get(nameOrId);

    /// <summary>A secret's value.</summary>
    /// <exception cref="ContainerEngineException">NotFound; what the driver says.</exception>
    internal byte[] Value(string nameOrId, CancellationToken cancellationToken)
    {
        if (lent.TryGetValue(nameOrId, out var value))
            return value;
        var secret = Get(nameOrId);
        return SecretDrivers.Create(secret.Driver, secret.DriverOptions, environment).Find(secret.Id, cancellationToken)
            ?? throw new ContainerEngineException(ErrorKind.NotFound, "SecretValueNotFound", $"no secret data with ID {secret.Id}: no such secret", secret.Name,
                "its driver has lost the value: replace the secret");
    }

    /// <summary>Lends this process a secret that is stored nowhere, until the result is disposed of.</summary>
    internal IDisposable Lend(string name, ReadOnlyMemory<byte> value)
    {
        lent[name] = value.ToArray();
        return new Loan(lent, name);
    }

    /// <summary>Makes a secret.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; NameInUse.</exception>
    internal ContainerSecret Create(SecretSpec spec, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        CheckName(spec.Name);
        if (value.Length is 0 or >= SecretSpec.MaximumSize)
            throw EngineErrors.InvalidArgument("secret data must be larger than 0 and less than 512000 bytes", spec.Name, "give a value of that size");
        var (name, options) = Driver(spec);
        var driver = SecretDrivers.Create(name, options, environment);
        Files.MakeDirectories(directory, OwnerOnlyDirectory);
        using var held = FileLock.Acquire(LockFile, LockMode.Exclusive, cancellationToken);
        var list = SecretList.Read(File);
        var present = list.FindByName(spec.Name);
        if (present is not null && spec.Ignore)
            return present;
        if (present is not null && !spec.Replace)
            throw new ContainerEngineException(ErrorKind.NameInUse, "NameInUse", $"{spec.Name}: secret name in use", spec.Name, "choose another name, or replace it");
        ForgetPending(list);
        var now = DateTimeOffset.UtcNow;
        var secret = new ContainerSecret
        {
            Id = list.NewId(),
            Name = spec.Name,
            Driver = name,
            DriverOptions = options,
            Labels = spec.Labels,
            Created = present?.Created ?? now,
            Updated = now,
        };
        Store(list, driver, secret, present, value, cancellationToken);
        events.Append(new() { Type = "secret", Status = "create", Id = secret.Id, Name = secret.Name });
        return secret;
    }

    /// <summary>Removes a secret. Containers that have a copy keep it.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ContainerEngineException">NotFound; what the driver says: then it is still there.</exception>
    internal string Remove(string nameOrId, CancellationToken cancellationToken)
    {
        _ = Get(nameOrId);
        ContainerSecret secret;
        using (FileLock.Acquire(LockFile, LockMode.Exclusive, cancellationToken))
        {
            var list = SecretList.Read(File);
            secret = list.Get(nameOrId);
            ForgetPending(list);
            // Its record goes last: a kill leaves a secret that can be removed again.
            SecretDrivers.Create(secret.Driver, secret.DriverOptions, environment).Delete(secret.Id, cancellationToken);
            StepPoints.Reach("secret.remove.value");
            list.Remove(secret);
            list.Write(File);
        }
        events.Append(new() { Type = "secret", Status = "remove", Id = secret.Id, Name = secret.Name });
        return secret.Id;
    }

    private void Store(SecretList list, ISecretDriver driver, ContainerSecret secret, ContainerSecret? replaced, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        PendingSecrets.Write(pendingFile, replaced is null ? [secret] : [secret, replaced]);
        StepPoints.Reach("secret.create.noted");
        try
        {
            driver.Store(secret.Id, value, cancellationToken);
            StepPoints.Reach("secret.create.stored");
            if (replaced is not null)
                list.Remove(replaced);
            list.Add(secret);
            list.Write(File);
            StepPoints.Reach("secret.create.listed");
        }
        finally
        {
            // Of what is on the disk now: where it failed, the new value goes, else the replaced one.
            ForgetPending(SecretList.Read(File));
        }
    }

    // The caller holds the lock, so what is noted and has no record is nobody's.
    private void ForgetPending(SecretList list)
    {
        foreach (var secret in PendingSecrets.Read(pendingFile))
        {
            if (list.Has(secret.Id))
                continue;
            try
            {
                SecretDrivers.Create(secret.Driver, secret.DriverOptions, environment).Delete(secret.Id, CancellationToken.None);
            }
            catch (ContainerEngineException)
            {
                // A command that can't delete it must not keep others from being made.
            }
        }
        PendingSecrets.Clear(pendingFile);
    }

    private SecretList Read()
    {
        if (Files.TryStatus(File) is null)
            return new([]);
        using var held = FileLock.Acquire(LockFile, LockMode.Shared);
        return SecretList.Read(File);
    }

    private (string Name, IReadOnlyDictionary<string, string> Options) Driver(SecretSpec spec)
    {
        var name = spec.Driver ?? defaults.Driver;
        var given = spec.DriverOptions.Count > 0 ? spec.DriverOptions : name == defaults.Driver ? defaults.Options : EmptyDictionary.Strings;
        SecretDrivers.Check(name, given);
        return name != "file" || given.ContainsKey("path") ? (name, given)
            : (name, new Dictionary<string, string>(given, StringComparer.Ordinal) { ["path"] = Path.Combine(directory, "filedriver") });
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 253 || name.AsSpan().IndexOfAny(",/=\0") >= 0)
        {
            throw EngineErrors.InvalidArgument($"secret name \"{name}\" can not include '=', '/', ',', or the '\\0' (NULL) and be between 1 and 253 characters: invalid secret name", name,
                "choose another name");
        }
    }

    private static bool Matches(string name, string pattern)
    {
        try
        {
            return Regex.IsMatch(name, pattern, RegexOptions.CultureInvariant, s_patternLimit);
        }
        catch (RegexParseException)
        {
            throw EngineErrors.InvalidArgument($"the filter name={pattern} is no regular expression", pattern);
        }
    }

    private sealed class Loan(System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> lent, string name) : IDisposable
    {
        public void Dispose() => lent.TryRemove(name, out _);
    }
}
