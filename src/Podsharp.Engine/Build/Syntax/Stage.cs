namespace Podsharp.Engine.Build.Syntax;

/// <summary>A stage: a FROM and what follows it.</summary>
/// <param name="Index">Its place in the file, counted from 0.</param>
/// <param name="Name">What it is called (AS), as written.</param>
/// <param name="BaseImage">What FROM names, expanded; also if that is a stage.</param>
/// <param name="BaseStage">The earlier stage that FROM names; null for an image.</param>
/// <param name="Platform">FROM's platform, expanded.</param>
/// <param name="From">The FROM itself.</param>
/// <param name="Instructions">What follows it.</param>
/// <param name="Dependencies">The stages that it needs, by place: of FROM, COPY --from and RUN --mount from=.</param>
internal sealed record Stage(int Index, string? Name, string BaseImage, int? BaseStage, string? Platform, FromInstruction From,
    IReadOnlyList<Instruction> Instructions, IReadOnlyCollection<int> Dependencies);
