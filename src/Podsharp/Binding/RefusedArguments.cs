using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Arguments that can't be understood, by the objects that were bound in place of them.</summary>
internal static class RefusedArguments
{
    private static readonly ConditionalWeakTable<object, ContainerEngineException> Errors = [];
    private static volatile bool any;

    /// <summary>Remembers what is wrong with the argument that a stand-in is for.</summary>
    /// <param name="standIn">An object of its own, known by its identity.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>The stand-in.</returns>
    public static object Add(object standIn, ContainerEngineException error)
    {
        Errors.Add(standIn, error);
        any = true;
        return standIn;
    }

    /// <summary>What is wrong with the first of some bound arguments that was refused; null where all are right.</summary>
    public static ContainerEngineException? Find(IEnumerable<object?> arguments)
    {
        // Looked at for each object of a pipeline: nothing is spent where nothing was ever refused.
        if (!any)
            return null;
        foreach (var argument in arguments)
            if (TransformationAttribute.Unwrap(argument) is { } value && Errors.TryGetValue(value, out var error))
                return error;
        return null;
    }
}
