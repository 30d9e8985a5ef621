using System.Text.RegularExpressions;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Ids and names.</summary>
internal static partial class ContainerNames
{
    private static readonly string[] Adjectives =
    [
        "agile", "amber", "bold", "brave", "bright", "brisk", "calm", "candid", "cheerful", "clever", "copper", "crisp", "curious", "daring",
        "deft", "eager", "early", "earnest", "fair", "fluent", "frank", "gentle", "glad", "golden", "happy", "honest", "humble", "ivory", "jolly",
        "keen", "kind", "lively", "lucid", "mellow", "merry", "mild", "modest", "neat", "nimble", "noble", "patient", "placid", "polite", "proud",
        "quick", "quiet", "ready", "robust", "rosy", "serene", "sharp", "silent", "silver", "sincere", "smooth", "snug", "solid", "steady",
        "sunny", "swift", "tidy", "tranquil", "upbeat", "vivid", "warm", "wise", "witty", "zesty",
    ];

    private static readonly string[] Surnames =
    [
        "abel", "ampere", "babbage", "banneker", "bell", "bernoulli", "bohr", "boole", "cantor", "carson", "cauchy", "cerf", "church", "clarke",
        "codd", "curie", "darwin", "diffie", "dijkstra", "euclid", "euler", "faraday", "fermat", "fourier", "franklin", "galois", "gauss",
        "germain", "goedel", "hamilton", "hamming", "hertz", "hilbert", "hoare", "hopper", "huffman", "hypatia", "jacobi", "joule", "kepler",
        "kernighan", "knuth", "kolmogorov", "lagrange", "lamport", "laplace", "leibniz", "liskov", "lovelace", "markov", "maxwell", "mendel",
        "mirzakhani", "noether", "ohm", "pascal", "perlman", "planck", "poincare", "ramanujan", "riemann", "ritchie", "shannon", "sutherland",
        "thompson", "torvalds", "turing", "volta", "watt", "wiles", "wirth", "yalow",
    ];

    /// <summary>A new id: 64 hexadecimal characters, never all digits in its short form (it would read as a number).</summary>
    public static string NewId()
    {
        while (true)
        {
            var id = Convert.ToHexStringLower(Entropy.Bytes(32));
            if (!id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
                continue;
            return id;
        }
    }

    /// <summary>Whether the text is a whole id.</summary>
    public static bool IsId(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>An invented name.</summary>
    public static string Invent() =>
        $"{Random.Shared.GetItems(Adjectives, 1)[0]}_{Random.Shared.GetItems(Surnames, 1)[0]}";

    /// <summary>Refuses names that podman would refuse.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static void Validate(string name)
    {
        if (!Valid().IsMatch(name))
            throw EngineErrors.InvalidArgument($"the name \"{name}\" is not valid", name,
                "start with a letter or digit and use letters, digits, '_', '.' and '-' only");
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
