using System.Collections;
using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>The base of the attributes that let a parameter take what people write ("8080:80", "512m", a hashtable) as well as the type.</summary>
internal abstract class TransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    /// <remarks>The binder would put "Cannot process argument transformation" before whatever is thrown here, under an error id of its own.
    /// So what can't be understood is bound as an empty stand-in, and the cmdlet refuses it before it does anything.</remarks>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return Convert(Unwrap(inputData), engineIntrinsics);
        }
        catch (ContainerEngineException error)
        {
            return RefusedArguments.Add(StandIn, error);
        }
    }

    /// <summary>A new object of the parameter's type.</summary>
    private protected virtual object StandIn => throw new NotSupportedException("a transformation that can fail needs a stand-in");

    /// <summary>Converts an argument.</summary>
    /// <param name="value">The argument without PowerShell's wrapper; null if null was given.</param>
    /// <exception cref="ContainerEngineException">It can't be understood.</exception>
    private protected virtual object? Convert(object? value) => value;

    /// <summary>Converts an argument that depends on the session: relative paths.</summary>
    private protected virtual object? Convert(object? value, EngineIntrinsics? session) => Convert(value);

    /// <summary>PowerShell's file system location, which relative paths are relative to; never the process's directory.</summary>
    internal static string Directory(EngineIntrinsics? session) =>
        session?.SessionState.Path.CurrentFileSystemLocation.ProviderPath ?? "/";

    /// <summary>The value without PowerShell's wrapper.</summary>
    internal static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The elements of a list, or the value itself; hashtables and strings are values.</summary>
    internal static IEnumerable<object> Flatten(object? value)
    {
        switch (value)
        {
            case null:
                yield break;
            case string or IDictionary:
                yield return value;
                break;
            case IEnumerable many:
                foreach (var item in many)
                    foreach (var inner in Flatten(Unwrap(item)))
                        yield return inner;
                break;
            default:
                yield return value;
                break;
        }
    }

    /// <summary>The hashtable's entries as text by name, names in lower case.</summary>
    internal static Dictionary<string, object?> Entries(IDictionary table, string what, params string[] known)
    {
        var entries = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            var name = entry.Key.ToString() ?? "";
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw EngineErrors.InvalidArgument($"{what} has no setting \"{name}\"", name, "use " + string.Join(", ", known));
            entries[name] = Unwrap(entry.Value);
        }
        return entries;
    }
}
