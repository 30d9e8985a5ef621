using Podsharp.Wire.Values;

namespace Podsharp.Cli.Output;

/// <summary>Shows on standard error how far the layers of an image are: on a terminal a line for each that is drawn over, else a line when one
/// begins.</summary>
internal sealed class LayerLines(CommandContext context, bool quiet) : IDisposable
{
    private const int RedrawMilliseconds = 100;
    private const int ShownCharacters = 12;

    private readonly bool live = !quiet && Engine.Native.Terminal.IsTerminal(2);
    private readonly List<string> order = [];
    private readonly Dictionary<string, string> lines = new(StringComparer.Ordinal);
    private int drawn;
    private long last;

    /// <summary>Bytes done, of how many where that is known.</summary>
    internal static string Amount(long current, long total) => total > 0 ? $"{Human.Size(current, 3)} / {Human.Size(total, 3)}" : Human.Size(current, 3);

    /// <summary>A layer that moves: the amount.</summary>
    internal void Moving(string? digest, string amount) => Layer(digest, amount, isSettled: false, always: false);

    /// <summary>A layer about which nothing is to be done, and why.</summary>
    internal void Settled(string? digest, string why) => Layer(digest, why, isSettled: true, always: true);

    /// <summary>A layer that is done.</summary>
    internal void Done(string? digest) => Layer(digest, "done", isSettled: false, always: live);

    /// <summary>Something that is no layer's.</summary>
    internal void Line(string text)
    {
        if (quiet)
            return;
        Erase();
        context.Error.WriteLine(text);
        context.Error.Flush();
        if (live && order.Count > 0)
            Draw();
    }

    /// <summary>Draws what has changed.</summary>
    internal void Draw()
    {
        if (!live)
            return;
        Erase();
        foreach (var name in order)
            context.Error.WriteLine(lines[name]);
        drawn = order.Count;
        context.Error.Flush();
    }

    public void Dispose()
    {
        if (live && drawn > 0)
            Draw();
    }

    private void Layer(string? digest, string state, bool isSettled, bool always)
    {
        if (quiet)
            return;
        var name = (digest ?? "")[((digest ?? "").IndexOf(':') + 1)..];
        name = name.Length > ShownCharacters ? name[..ShownCharacters] : name;
        var isNew = !lines.ContainsKey(name);
        if (isNew)
            order.Add(name);
        lines[name] = $"Copying layer {name} {state}";
        if (live)
        {
            var now = Environment.TickCount64;
            if (isNew || always || now - last >= RedrawMilliseconds)
            {
                last = now;
                Draw();
            }
        }
        else if (isNew)
            Line(isSettled ? lines[name] : $"Copying layer {name}");
    }

    private void Erase()
    {
        if (drawn > 0)
            context.Error.Write($"\u001b[{drawn}A\u001b[J");
        drawn = 0;
    }
}
