using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Images;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Builds one stage: carries its instructions out one after the other, or finds that an earlier build has.</summary>
internal sealed class StageBuilder
{
    private readonly BuildJob job;
    private readonly Stage stage;
    private readonly BuildSources sources;
    private readonly BuildVariables variables;
    private readonly CopyStep copying;
    private readonly RunMounts mounts;
    private readonly StageNetwork network;
    private readonly (int Number, int Count) place;
    private StageState state;
    private StoredImage? cached;
    private bool isMatching;
    private bool isCommandSet;
    private string missingDirectory = "";
    private Instruction current;
    private int step;
    private int stepCount;
    private int commandsLeft;

    internal StageBuilder(BuildJob job, Stage stage, BuildSources sources, BuildVariables variables, (int Number, int Count) place, StageState start)
    {
        this.job = job;
        this.stage = stage;
        this.sources = sources;
        this.variables = variables;
        this.place = place;
        state = start;
        current = stage.From;
        isMatching = job.Request is { UseCache: true, Layers: true };
        copying = new CopyStep(job, sources.Fetcher);
        mounts = new RunMounts(job, sources);
        network = new StageNetwork(job);
    }

    /// <summary>Builds it.</summary>
    /// <param name="names">The names of the image; null where it is none but a stage for others.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it has come to, and the image; null for the latter where it is only a stage.</returns>
    internal async Task<(StageState State, StoredImage? Image)> RunAsync(IReadOnlyList<string>? names, CancellationToken cancellationToken)
    {
        var triggers = Triggers();
        List<Instruction> instructions = [.. GivenInstructions.Environment(job.Request.Environment), .. triggers, .. stage.Instructions,
            .. names is null ? [] : GivenInstructions.Labels(job.Request.Labels)];
        stepCount = instructions.Count + 1;
        Report(new() { Stage = ImageBuildStage.Step, Text = stage.From.Original });
        commandsLeft = instructions.Count(instruction => instruction is RunInstruction);
        try
        {
            foreach (var instruction in instructions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                step++;
                current = instruction;
                commandsLeft -= instruction is RunInstruction ? 1 : 0;
                Report(new() { Stage = ImageBuildStage.Step, Text = instruction.Original });
                await StepAsync(instruction, cancellationToken);
            }
        }
        finally
        {
            network.Remove();
        }
        if (names is null)
        {
            Load();
            return (state, null);
        }
        return (state, await FinishAsync(names, cancellationToken));
    }

    // What the base image leaves to those who build on it: done once, and gone.
    private IReadOnlyList<Instruction> Triggers()
    {
        if (state.Section.OnBuild is not { Count: > 0 } triggers || stage.BaseStage is not null)
            return [];
        state = state with { Section = state.Section with { OnBuild = null } };
        return Containerfile.ParseTriggers(triggers, stage.BaseImage);
    }

    private async Task StepAsync(Instruction instruction, CancellationToken cancellationToken)
    {
        try
        {
            switch (instruction)
            {
                case CopyInstruction copy:
                    await CopyAsync(copy, cancellationToken);
                    break;
                case RunInstruction run:
                    await RunAsync(run, cancellationToken);
                    break;
                default:
                    Configure(instruction);
                    break;
            }
        }
        catch (BuildCommandException error)
        {
            throw BuildErrors.CommandFailed(instruction, error, state.ImageId, new(state.Os ?? "", state.Architecture ?? "", state.Variant ?? ""));
        }
        catch (ContainerEngineException error) when (error.ExitCode is null)
        {
            throw BuildErrors.StepFailed(instruction, error);
        }
    }

    private void Configure(Instruction instruction)
    {
        var section = ConfigStep.TryApply(state.Section, instruction, Expand, ExpandWords, isCommandSet)
            ?? throw new InvalidOperationException($"{instruction.Keyword} is not known here");
        isCommandSet |= instruction is CmdInstruction;
        if (instruction is ArgInstruction arg)
            variables.Declare(arg);
        if (instruction is EnvInstruction env)
            variables.Set(env);
        if (instruction is WorkdirInstruction)
            missingDirectory = RawPath.Clean(RawPath.FromText(section.WorkingDir!));
        if (job.Request.Format == ImageFormat.Oci && instruction is (HealthcheckInstruction or ShellInstruction or OnbuildInstruction))
            job.Warn($"{instruction.Keyword} is not supported for OCI image format and will be ignored. Must use `docker` format");
        state = state with
        {
            Section = section,
            Author = instruction is MaintainerInstruction maintainer ? Expand(maintainer.Name) : state.Author,
            Key = BuildCache.Key(state.Key, instruction.Original, EncodedSection(section)),
        };
        AddHistory(instruction is ArgInstruction ? $"/bin/sh -c #(nop) ARG {string.Join(' ', variables.ArgumentNames)}" : $"/bin/sh -c #(nop) {instruction.Original}", isEmpty: true);
    }

    private static string EncodedSection(ImageConfigSection section) => System.Text.Encoding.UTF8.GetString(ImageJson.Write(new ImageConfigFile { Config = section }));

    private async Task CopyAsync(CopyInstruction instruction, CancellationToken cancellationToken)
    {
        var source = instruction.From is { } from ? await sources.FindAsync(Expand(from), stage, cancellationToken) : job.Context.Source;
        var prepared = await copying.PrepareAsync(instruction, Expand, heredoc => variables.Expand(instruction, heredoc), state.Section.WorkingDir ?? "", source, cancellationToken);
        var before = state.Key;
        List<string> words = [instruction.Original, prepared.Order.Destination, prepared.Owner ?? "", .. instruction.Excludes.Select(Expand), missingDirectory];
        // Another stage's files are the same as long as its layers are: then nothing has to be read.
        var quick = prepared.Identity is { } identity ? BuildCache.Key(before, [.. words, "layer", identity, .. instruction.Sources.Select(Expand)]) : null;
        if (quick is not null && isMatching && job.Cache.Find(quick) is { } known)
        {
            var proper = job.Cache.ProperKey(known, quick);
            job.Shared.Push(proper, known, cancellationToken);
            Reuse(known, proper, CopyText(instruction, prepared, known.Id));
            return;
        }
        string? digest = null;
        if (isMatching)
        {
            digest = CopyStep.Hash(prepared, cancellationToken);
            var key = BuildCache.Key(before, [.. words, "content", digest]);
            if (await MatchAsync(key, cancellationToken) is { } same)
            {
                Reuse(same, key, CopyText(instruction, prepared, digest));
                return;
            }
        }
        Load();
        isMatching = false;
        using var staging = job.Parts.Storage.BeginLayer();
        var written = copying.Write(prepared, state, staging, MissingDirectory(), cancellationToken);
        StepPoints.Reach("build.copy.staged");
        AddLayer(staging, [BuildCache.Key(before, [.. words, "content", digest ?? written]), .. quick is null ? Array.Empty<string>() : [quick]], CopyText(instruction, prepared, digest ?? written), cancellationToken);
    }

    private static string CopyText(CopyInstruction instruction, PreparedCopy prepared, string digest) =>
        $"/bin/sh -c #(nop) {instruction.Keyword}{(instruction.Link ? " --link" : "")} {prepared.Kind}:{digest} in {instruction.Destination} ";

    private async Task RunAsync(RunInstruction instruction, CancellationToken cancellationToken)
    {
        if (state.TopLayer is null && cached is null)
            throw EngineErrors.InvalidArgument("there is nothing to run yet: the stage has no files", instruction.Original, "copy a root file system first");
        var arguments = variables.RunArguments;
        var command = RunCommand.Create(instruction, state.Section);
        using var mounted = await mounts.PrepareAsync(instruction, command, stage, Expand, state.Section, cancellationToken);
        var text = RunText(instruction, arguments);
        var key = BuildCache.Key(state.Key, [text, .. command.Arguments, .. command.Files.Values, .. variables.RunEnvironment, .. mounted.Keys, instruction.Network ?? "", instruction.Security ?? ""]);
        if (await MatchAsync(key, cancellationToken) is { } known)
        {
            Reuse(known, key, text);
            return;
        }
        Load();
        isMatching = false;
        using var staging = job.Parts.Storage.BeginLayer();
        await mounted.MountAsync(cancellationToken);
        var spec = network.Join(ChrootIsolation.Apply(RunSpec.Create(job, state, instruction, command, variables.RunEnvironment, mounted), job), commandsLeft > 0, cancellationToken);
        await new RunStep(job, Report).RunAsync(spec, state.TopLayer!, staging, mounted.Targets, cancellationToken);
        StepPoints.Reach("build.run.staged");
        AddLayer(staging, [key], text, cancellationToken);
    }

    // podman's text: the arguments that the command sees before it.
    private static string RunText(RunInstruction instruction, IReadOnlyList<string> arguments)
    {
        var before = arguments.Count > 0 ? $"|{arguments.Count} {string.Join(' ', arguments)} " : "";
        var heredocs = string.Concat(instruction.Heredocs.Select(heredoc => "\n" + heredoc.Content.Trim()));
        var original = instruction.Original.Length > 4 ? instruction.Original[4..] : "";
        return $"{before}/bin/sh -c {original}{heredocs}";
    }

    // What the store hasn't, repositories may have.
    private async Task<StoredImage?> MatchAsync(string key, CancellationToken cancellationToken)
    {
        if (!isMatching)
            return null;
        var below = state.TopLayer;
        var found = job.Cache.Find(key) ?? await job.Shared.FindAsync(key, chain => (chain.Count > 1 ? chain[1].Id : null) == below, cancellationToken);
        if (found is not null)
            job.Shared.Push(key, found, cancellationToken);
        return found;
    }

    private void Reuse(StoredImage known, string key, string createdBy)
    {
        missingDirectory = "";
        cached = known;
        state = state with { Key = key, TopLayer = known.TopLayerId, ImageId = known.Id, History = [] };
        Report(new() { Stage = ImageBuildStage.Cached, Text = createdBy, ImageId = known.Id });
    }

    /// <summary>Reads what the image says that the last steps were found in.</summary>
    private void Load()
    {
        if (cached is null)
            return;
        var file = job.Parts.Images.ReadConfig(cached);
        var chain = cached.TopLayerId is { } top ? job.Parts.Storage.GetLayerChain(top) : [];
        file.CheckLayers(chain.Count, $"the image {cached.Id[..12]}");
        state = state with
        {
            Layers = LayerSizes.Of(job.Parts.Storage, chain, file.DiffIds),
            History = [.. file.History ?? [], .. state.History],
        };
        cached = null;
    }

    private string MissingDirectory() =>
        missingDirectory.Length > 0 && job.View(state.TopLayer).TryStatus(missingDirectory) is null ? missingDirectory : "";

    private void AddHistory(string createdBy, bool isEmpty) => state = state with
    {
        History = [.. state.History, new HistoryRecord
        {
            Created = job.Now,
            CreatedBy = createdBy,
            Author = state.Author,
            Comment = step == 1 && stage.BaseStage is null && state.BaseId is not null ? $"FROM {state.BaseName}" : null,
            EmptyLayer = isEmpty,
        }],
    };

    /// <summary>Records the layer of a step, with an image that the next build finds it by.</summary>
    private void AddLayer(LayerStaging staging, IReadOnlyList<string> keys, string createdBy, CancellationToken cancellationToken)
    {
        AddHistory(createdBy, isEmpty: false);
        var parent = state.TopLayer;
        state = state with
        {
            Layers = [.. state.Layers, (staging.Result.DiffId, staging.Result.DiffSize)],
            TopLayer = ContainerStorage.ComputeLayerId(parent, staging.Result.DiffId),
            Key = keys[0],
        };
        missingDirectory = "";
        var labelled = job.Request.LayerLabels.Count == 0 ? state : state with { Section = state.Section with { Labels = ConfigOverrides.Labels(state.Section.Labels, job.Request.LayerLabels) } };
        var commit = BuiltImage.ToCommit(labelled, job.Request with { Annotations = EmptyDictionary.Strings }, [], keys, job.Now);
        var image = job.Parts.Storage.CommitImage([(staging, new LayerCommit { ParentId = parent })], commit);
        job.Note(image);
        StepPoints.Reach("build.step.committed");
        state = state with { ImageId = image.Id };
        Report(new() { Stage = ImageBuildStage.Committed, ImageId = image.Id });
        job.Shared.Push(keys[0], image, cancellationToken);
    }

    /// <summary>Records the image that the stage has come to, or names the one that an earlier build has made.</summary>
    private async Task<StoredImage> FinishAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var request = job.Request;
        var key = BuildCache.Key(state.Key, ["image", .. request.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => new[] { pair.Key, pair.Value }),
            .. request.RemoveLabels, "", .. request.RemoveEnvironment, "", .. request.RemoveAnnotations, request.OmitHistory ? "no history" : "", request.InheritAnnotations ? "" : "own annotations",
            request.CreatedAnnotation ? "" : "no time", request.OsVersion ?? "", .. request.OsFeatures]);
        // Nothing but FROM: the base image gets the names.
        if (step == 0 && stage.BaseStage is null && state.BaseId is { } unchanged && request is { SquashAll: false, OmitHistory: false, Annotations.Count: 0, RemoveLabels.Count: 0, RemoveEnvironment.Count: 0, InheritLabels: true, InheritAnnotations: true,
                RemoveAnnotations.Count: 0, OsVersion: null, OsFeatures.Count: 0 }
            && job.Parts.Storage.FindImage(unchanged) is { } found)
        {
            return names.Count > 0 ? job.Parts.Storage.SetImageNames(found.Id, names, []) : found;
        }
        if (isMatching && request is { Squash: false, SquashAll: false }
            && (job.Cache.Find(key) ?? await job.Shared.FindAsync(key, chain => chain[0].Id == state.TopLayer, cancellationToken)) is { } known)
        {
            job.Shared.Push(key, known, cancellationToken);
            return names.Count > 0 ? job.Parts.Storage.SetImageNames(known.Id, names, []) : known;
        }
        Load();
        state = state with
        {
            Section = state.Section with
            {
                Labels = state.Section.Labels is { } labels && request.RemoveLabels.Count > 0
                    ? labels.Where(label => !request.RemoveLabels.Contains(label.Key)).ToDictionary(StringComparer.Ordinal) : state.Section.Labels,
                Env = state.Section.Env is { } variables && request.RemoveEnvironment.Count > 0
                    ? [.. variables.Where(variable => !request.RemoveEnvironment.Contains(variable.Split('=')[0]))] : state.Section.Env,
            },
        };
        if (request is { Layers: true, Squash: false, SquashAll: false })
        {
            var image = job.Parts.Storage.CommitImage([], BuiltImage.ToCommit(state, request, names, [key], job.Now));
            job.Shared.Push(key, image, cancellationToken);
            return image;
        }
        using var squashed = new SquashStep(job);
        state = squashed.Run(state, cancellationToken);
        return job.Parts.Storage.CommitImage(squashed.Layers, BuiltImage.ToCommit(state, request, names, [], job.Now));
    }

    private void Report(ImageBuildProgress progress) => job.Output.TryWrite(progress with
    {
        StageNumber = place.Number,
        StageCount = place.Count,
        Step = step + 1,
        StepCount = stepCount,
    });

    private string Expand(string word) => variables.Expand(current, word);

    private IReadOnlyList<string> ExpandWords(string word) => variables.ExpandWords(current, word);
}
