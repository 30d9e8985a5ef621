using System.Text.Json.Serialization;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The JSON columns. Members may be added; their meaning never changes within a major version.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(ContainerRun))]
[JsonSerializable(typeof(ExecSpec))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class StateJson : JsonSerializerContext;
