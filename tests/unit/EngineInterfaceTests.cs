using System.Reflection;
using Podsharp.Model;

namespace Podsharp.UnitTests;

/// <summary>Decision 1: the engine interface can be remoted, so everything in it is data, a task or a stream.</summary>
public sealed class EngineInterfaceTests
{
    public static TheoryData<string> Methods => new(
        typeof(IContainerEngine).GetMethods().Where(m => !m.IsSpecialName).Select(m => m.ToString()!));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Method_can_be_remoted(string signature)
    {
        MethodInfo method = typeof(IContainerEngine).GetMethods().Single(m => m.ToString() == signature);
        Type result = method.ReturnType;
        Type shape = result.IsGenericType ? result.GetGenericTypeDefinition() : result;
        Assert.Contains(shape, new[]
        {
            typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>), typeof(IAsyncEnumerable<>),
        });
        Assert.Contains(method.GetParameters(), p => p.ParameterType == typeof(CancellationToken));
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Assert.False(typeof(Delegate).IsAssignableFrom(parameter.ParameterType), $"{parameter.Name} is a callback");
            Assert.False(parameter.ParameterType.IsByRef, $"{parameter.Name} is passed by reference");
            Assert.NotEqual(typeof(IntPtr), parameter.ParameterType);
            Assert.False(
                parameter.ParameterType.IsGenericType
                    && parameter.ParameterType.GetGenericTypeDefinition() == typeof(IProgress<>),
                $"{parameter.Name} is a callback");
        }
    }
}
