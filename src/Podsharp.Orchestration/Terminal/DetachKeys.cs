using Podsharp.Model;

namespace Podsharp.Orchestration.Terminal;

/// <summary>The sequence of keys that detaches a terminal from a container, and the state of recognising it.</summary>
/// <remarks>Keys are written as podman writes them: single characters and ctrl-X (a to z, @ [ \ ] ^ _), separated by commas.</remarks>
public sealed class DetachKeys
{
    /// <summary>What is used where nothing else is said.</summary>
    public const string Default = "ctrl-p,ctrl-q";

    private readonly byte[] sequence;
    private int matched;

    private DetachKeys(byte[] sequence) => this.sequence = sequence;

    /// <summary>Reads a sequence.</summary>
    /// <returns>The keys; null for an empty text, which turns detaching off.</returns>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static DetachKeys? Parse(string text) => text.Length == 0 ? null : new([.. text.Split(',').Select(key => Key(key, text))]);

    /// <summary>Takes input and tells what to send on.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="forward">Receives what goes to the container. A beginning of the sequence is held back until it is clear that it isn't one.</param>
    /// <returns>Whether the sequence is complete; what follows it is dropped.</returns>
    public bool Filter(ReadOnlySpan<byte> input, List<byte> forward)
    {
        foreach (var b in input)
        {
            if (b == sequence[matched])
            {
                if (++matched < sequence.Length)
                    continue;
                matched = 0;
                return true;
            }
            // The longest end of what was typed that still begins the sequence stays held back.
            while (matched > 0 && b != sequence[matched])
                FallBack(forward);
            if (b == sequence[matched])
                matched++;
            else
                forward.Add(b);
        }
        return false;
    }

    private void FallBack(List<byte> forward)
    {
        var held = matched;
        var keep = held - 1;
        while (keep > 0 && !sequence.AsSpan(held - keep, keep).SequenceEqual(sequence.AsSpan(0, keep)))
            keep--;
        for (var i = 0; i < held - keep; i++)
            forward.Add(sequence[i]);
        matched = keep;
    }

    private static byte Key(string key, string text)
    {
        if (key.Length == 1 && key[0] < 128)
            return (byte)key[0];
        if (key.Length == 6 && key.StartsWith("ctrl-", StringComparison.OrdinalIgnoreCase))
        {
            var c = char.ToLowerInvariant(key[5]);
            if (c is >= 'a' and <= 'z')
                return (byte)(c - 'a' + 1);
            if (c is '@' or '[' or '\\' or ']' or '^' or '_')
                return (byte)(c - '@');
        }
        throw EngineErrors.InvalidArgument($"invalid detach keys \"{text}\"", text,
            "write single characters and ctrl-X, separated by commas, for example ctrl-p,ctrl-q");
    }
}
